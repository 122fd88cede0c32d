/**
 * Which status update was handed to which handler: duplicates and order.
 */
@NullMarked
package io.github.twiliospring.messaging.webhook.ledger;

import org.jspecify.annotations.NullMarked;

/**
 * Finding status updates that never arrived.
 */
@NullMarked
package io.github.twiliospring.messaging.webhook.sweep;

import org.jspecify.annotations.NullMarked;

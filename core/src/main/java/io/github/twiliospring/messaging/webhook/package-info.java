/**
 * What applications annotate and receive.
 */
@NullMarked
package io.github.twiliospring.messaging.webhook;

import org.jspecify.annotations.NullMarked;

/**
 * Durable sending: what is written to the outbox is committed with the application's own
 * data, and goes out once, whatever dies.
 */
@NullMarked
package io.github.twiliospring.messaging.outbox;

import org.jspecify.annotations.NullMarked;

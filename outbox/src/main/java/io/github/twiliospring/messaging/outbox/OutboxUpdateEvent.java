package io.github.twiliospring.messaging.outbox;

/**
 * Published where {@code twilio.messaging.outbox.events} is on, when an entry reaches a
 * state that {@link OutboxUpdate @OutboxUpdate} methods hear of: once for each such state
 * of an entry, but again if a listener or a method fails, or if the process dies before
 * they have returned. It's made of plain values, so that an event publication registry
 * can store it and publish it again after a restart.
 *
 * @param entry the entry, as it stood then
 */
public record OutboxUpdateEvent(OutboxEntry entry) {

}

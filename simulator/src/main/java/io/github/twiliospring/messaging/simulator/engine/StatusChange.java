package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;

import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;

/**
 * One station of a message.
 *
 * @param status where it arrived
 * @param errorCode why it failed, or {@code null}
 * @param at when, on the simulator's clock
 */
public record StatusChange(MessageStatus status, @Nullable Integer errorCode, Instant at) {

}

package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;

/**
 * One medium of a message. The simulator never loads it from its address.
 *
 * @param sid {@code ME…}
 * @param url where the application has it
 * @param contentType guessed from the address
 * @param created when the message came
 */
public record StoredMedia(String sid, String url, String contentType, Instant created) {

}

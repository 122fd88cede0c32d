/**
 * Micrometer observations: what is measured, under which names and keys. No key holds a
 * number, a SID or a text of the message.
 */
@NullMarked
package io.github.twiliospring.messaging.observation;

import org.jspecify.annotations.NullMarked;

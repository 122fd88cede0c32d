/**
 * Messages from phones: the webhook that gets them, the TwiML that it answers, and the
 * words that end a conversation.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.inbound;

import org.jspecify.annotations.NullMarked;

/**
 * Signing and verifying requests from the provider: {@code X-Twilio-Signature}. Knows no
 * HTTP stack.
 */
@NullMarked
package io.github.twiliospring.messaging.signature;

import org.jspecify.annotations.NullMarked;

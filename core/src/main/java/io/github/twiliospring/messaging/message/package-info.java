/**
 * The values of the Message resource. Immutable, safe on any thread, and dependent on
 * nothing else in the library. No {@code toString} here shows a body, a secret or a whole
 * phone number.
 * <p>
 * Where a rule names the "API page", that's the provider's page on the Message resource,
 * {@code https://www.twilio.com/docs/messaging/api/message-resource}.
 */
@NullMarked
package io.github.twiliospring.messaging.message;

import org.jspecify.annotations.NullMarked;

/**
 * The values of the Message resource. Immutable, safe on any thread, and dependent on
 * nothing else in the library. No {@code toString} here shows a body, a secret or a whole
 * phone number.
 */
@NullMarked
package io.github.twiliospring.messaging.message;

import org.jspecify.annotations.NullMarked;

/**
 * Measures what is package-private in the library.
 */
@NullMarked
package io.github.twiliospring.messaging.webhook;

import org.jspecify.annotations.NullMarked;

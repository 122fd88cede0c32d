/**
 * Waiting without a thread, cheaply enough for every call to have a deadline.
 */
@NullMarked
package io.github.twiliospring.messaging.timer;

import org.jspecify.annotations.NullMarked;

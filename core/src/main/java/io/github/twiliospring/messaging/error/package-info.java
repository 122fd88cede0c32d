/**
 * What can go wrong, as exceptions that applications catch. All of them have one parent
 * and arrive as error signals, never as a throw.
 */
@NullMarked
package io.github.twiliospring.messaging.error;

import org.jspecify.annotations.NullMarked;

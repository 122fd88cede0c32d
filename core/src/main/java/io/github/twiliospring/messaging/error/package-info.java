/**
 * What can go wrong, as exceptions that applications catch. All of them have one parent.
 * Reactive operations give them as error signals, blocking ones throw them.
 */
@NullMarked
package io.github.twiliospring.messaging.error;

import org.jspecify.annotations.NullMarked;

/**
 * The simulator as a program of its own.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.standalone;

import org.jspecify.annotations.NullMarked;

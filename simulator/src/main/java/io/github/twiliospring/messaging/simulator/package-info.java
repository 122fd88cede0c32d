/**
 * A local, stateful simulator of the Message API: {@code TwilioSimulator} starts it,
 * moves its clock, scripts outcomes and waits for what happens. Knows neither Spring nor
 * Boot.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator;

import org.jspecify.annotations.NullMarked;

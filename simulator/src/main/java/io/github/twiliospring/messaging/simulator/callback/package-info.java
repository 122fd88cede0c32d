/**
 * The requests to the application on the wire.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.callback;

import org.jspecify.annotations.NullMarked;

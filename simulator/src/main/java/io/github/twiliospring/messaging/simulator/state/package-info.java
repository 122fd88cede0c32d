/**
 * What outlives a restart, in a file.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.state;

import org.jspecify.annotations.NullMarked;

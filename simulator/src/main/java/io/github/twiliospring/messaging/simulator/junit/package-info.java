/**
 * The simulator in JUnit tests, with neither Spring nor Boot. Needs
 * {@code junit-jupiter-api}, which this library doesn't bring.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.junit;

import org.jspecify.annotations.NullMarked;

/**
 * The simulator in a Spring Boot application.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.boot;

import org.jspecify.annotations.NullMarked;

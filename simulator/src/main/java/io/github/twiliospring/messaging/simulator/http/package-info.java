/**
 * The HTTP server, its requests and answers; knows nothing about messages.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.http;

import org.jspecify.annotations.NullMarked;

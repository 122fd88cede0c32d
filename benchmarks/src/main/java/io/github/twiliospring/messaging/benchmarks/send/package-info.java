/**
 * Sending, beside the peers.
 */
@NullMarked
package io.github.twiliospring.messaging.benchmarks.send;

import org.jspecify.annotations.NullMarked;

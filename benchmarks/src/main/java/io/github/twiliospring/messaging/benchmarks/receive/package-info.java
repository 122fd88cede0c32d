/**
 * Receiving status updates, beside the peers.
 */
@NullMarked
package io.github.twiliospring.messaging.benchmarks.receive;

import org.jspecify.annotations.NullMarked;

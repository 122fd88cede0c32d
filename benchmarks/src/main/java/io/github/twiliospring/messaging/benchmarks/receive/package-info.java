/**
 * Receiving delivery reports, beside the peers.
 */
@NullMarked
package io.github.twiliospring.messaging.benchmarks.receive;

import org.jspecify.annotations.NullMarked;

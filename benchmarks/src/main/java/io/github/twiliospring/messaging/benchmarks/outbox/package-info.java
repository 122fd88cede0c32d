/**
 * What durable sending costs.
 */
@NullMarked
package io.github.twiliospring.messaging.benchmarks.outbox;

import org.jspecify.annotations.NullMarked;

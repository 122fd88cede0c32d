/**
 * Entry point of the benchmarks, and what they have in common.
 */
@NullMarked
package io.github.twiliospring.messaging.benchmarks;

import org.jspecify.annotations.NullMarked;

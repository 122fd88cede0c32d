/**
 * What the starter adds to an application's start, memory and class path.
 */
@NullMarked
package io.github.twiliospring.messaging.benchmarks.startup;

import org.jspecify.annotations.NullMarked;

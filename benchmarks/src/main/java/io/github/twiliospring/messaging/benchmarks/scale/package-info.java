/**
 * What grows with messages, entries, handlers and time.
 */
@NullMarked
package io.github.twiliospring.messaging.benchmarks.scale;

import org.jspecify.annotations.NullMarked;

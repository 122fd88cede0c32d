/**
 * JMH benchmarks of single steps.
 */
@NullMarked
package io.github.twiliospring.messaging.benchmarks.micro;

import org.jspecify.annotations.NullMarked;

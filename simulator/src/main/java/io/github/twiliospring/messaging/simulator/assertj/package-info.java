/**
 * What tests say about messages, for those that use AssertJ.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.assertj;

import org.jspecify.annotations.NullMarked;

/**
 * What happens and when: accounts, messages, the states that a message passes through and
 * the clock that they pass on. Knows no HTTP. Everything here is guarded by the lock of
 * {@code Timeline}.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.engine;

import org.jspecify.annotations.NullMarked;

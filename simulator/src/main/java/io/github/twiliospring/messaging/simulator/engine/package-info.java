/**
 * What happens and when: the world with its accounts and messages, the states that a
 * message passes through, what's reported to the application, and the clock that all of
 * it passes on. Knows no HTTP server and no client. {@code Timeline.call} is the only way
 * in.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.engine;

import org.jspecify.annotations.NullMarked;

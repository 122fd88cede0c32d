/**
 * Control over HTTP, under {@code /simulator}: for tests in any language, and for the
 * page.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.control;

import org.jspecify.annotations.NullMarked;

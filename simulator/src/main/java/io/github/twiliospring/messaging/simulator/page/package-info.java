/**
 * The page at {@code /}: static files that use the control API and nothing from outside.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.page;

import org.jspecify.annotations.NullMarked;

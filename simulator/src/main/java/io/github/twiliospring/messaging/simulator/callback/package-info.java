/**
 * Signed requests to the application: status callbacks with the provider's retry rules,
 * and their log.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.callback;

import org.jspecify.annotations.NullMarked;

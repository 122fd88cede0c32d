/**
 * The webhook on WebFlux.
 */
@NullMarked
package io.github.twiliospring.messaging.webhook.reactive;

import org.jspecify.annotations.NullMarked;

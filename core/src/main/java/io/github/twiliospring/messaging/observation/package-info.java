/**
 * Micrometer: what is observed, under which names.
 */
@NullMarked
package io.github.twiliospring.messaging.observation;

import org.jspecify.annotations.NullMarked;

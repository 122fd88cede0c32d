/**
 * What applications inject to send messages.
 */
@NullMarked
package io.github.twiliospring.messaging;

import org.jspecify.annotations.NullMarked;

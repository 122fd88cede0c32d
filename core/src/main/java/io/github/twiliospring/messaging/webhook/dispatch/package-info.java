/**
 * Detection of annotated methods, their arguments, their invocation.
 */
@NullMarked
package io.github.twiliospring.messaging.webhook.dispatch;

import org.jspecify.annotations.NullMarked;

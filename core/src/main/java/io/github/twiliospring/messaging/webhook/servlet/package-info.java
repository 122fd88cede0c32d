/**
 * The webhook on the servlet stack.
 */
@NullMarked
package io.github.twiliospring.messaging.webhook.servlet;

import org.jspecify.annotations.NullMarked;

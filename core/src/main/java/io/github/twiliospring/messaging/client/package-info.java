/**
 * One exchange with the API: the form, the HTTP call, its outcome.
 */
@NullMarked
package io.github.twiliospring.messaging.client;

import org.jspecify.annotations.NullMarked;

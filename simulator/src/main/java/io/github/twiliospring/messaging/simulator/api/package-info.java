/**
 * The Message API over HTTP: authentication, the rules of each call, and JSON.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.api;

import org.jspecify.annotations.NullMarked;

/**
 * What goes wrong on demand, with calls of the API and with callbacks, how often and for
 * whom.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.fault;

import org.jspecify.annotations.NullMarked;

/**
 * What a simulated network is made of: numbers, Messaging Services, applications, and how
 * long a message takes.
 */
@NullMarked
package io.github.twiliospring.messaging.simulator.network;

import org.jspecify.annotations.NullMarked;

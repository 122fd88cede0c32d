package io.github.twiliospring.messaging.simulator.boot;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The simulator that takes the place of the API.
 *
 * @param enabled Whether the simulator is started and used in place of the API.
 * @param port Port on the loopback address. 0 takes a free one.
 * @param clock What moves the simulator's time.
 * @param allowedHosts Host names that requests may be addressed to, beyond loopback
 * names, addresses and twilio.com.
 * @param whatsappWindow Whether WhatsApp messages without a template fail unless their
 * recipient wrote within the last 24 hours.
 * @param state File that keeps all messages, callbacks, rules and the clock over
 * restarts. Tests that enable the simulator by annotation don't use it.
 */
@ConfigurationProperties("twilio.simulator")
public record TwilioSimulatorProperties(@DefaultValue("false") boolean enabled, @DefaultValue("0") int port,
		@DefaultValue("system") Clock clock, @DefaultValue List<String> allowedHosts,
		@DefaultValue("true") boolean whatsappWindow, @Nullable String state) {

	/**
	 * What moves the simulator's time.
	 */
	public enum Clock {

		/** The system's clock, which can be moved ahead as well. */
		SYSTEM,

		/** Only the application. */
		MANUAL

	}

}

package io.github.twiliospring.messaging.simulator.boot;

import io.github.twiliospring.messaging.autoconfigure.TwilioConnectionDetails;
import io.github.twiliospring.messaging.autoconfigure.TwilioMessagingAutoConfiguration;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.TwilioSimulatorBuilder;
import io.github.twiliospring.messaging.simulator.state.SimulatorState;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.netty.ChannelBindException;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration that starts a simulator and points the starter at it.
 */
@AutoConfiguration(before = TwilioMessagingAutoConfiguration.class)
@ConditionalOnBooleanProperty("twilio.simulator.enabled")
@EnableConfigurationProperties(TwilioSimulatorProperties.class)
@Import({ SimulatorInboundConfiguration.class, SimulatorStateConfiguration.class })
public final class TwilioSimulatorAutoConfiguration {

	private static final Log logger = LogFactory.getLog(TwilioSimulatorAutoConfiguration.class);

	private static final int HIGHEST_PORT = 65_535;

	TwilioSimulatorAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	TwilioSimulator twilioSimulator(TwilioSimulatorProperties properties, ObjectProvider<SimulatorState> state) {
		if (properties.port() < 0 || properties.port() > HIGHEST_PORT) {
			throw new UnavailablePortException(properties.port());
		}
		TwilioSimulatorBuilder builder = TwilioSimulator.builder()
			.port(properties.port())
			.allowedHosts(properties.allowedHosts().toArray(String[]::new))
			.whatsappWindow(properties.whatsappWindow());
		if (properties.clock() == TwilioSimulatorProperties.Clock.MANUAL) {
			builder.manualClock();
		}
		state.ifAvailable(builder::state);
		TwilioSimulator simulator = start(builder, properties.port());
		logger.warn("This application talks to a simulator, at " + simulator.baseUrl()
				+ ": no message is sent to anybody, and webhooks of the provider are refused."
				+ " Remove 'twilio.simulator.enabled=true' for production");
		return simulator;
	}

	private static TwilioSimulator start(TwilioSimulatorBuilder builder, int port) {
		try {
			return builder.start();
		}
		catch (ChannelBindException ex) {
			throw new UnavailablePortException(port, ex);
		}
	}

	@Bean
	@ConditionalOnMissingBean(TwilioConnectionDetails.class)
	SimulatorConnectionDetails simulatorConnectionDetails(TwilioSimulator simulator) {
		return new SimulatorConnectionDetails(simulator);
	}

}

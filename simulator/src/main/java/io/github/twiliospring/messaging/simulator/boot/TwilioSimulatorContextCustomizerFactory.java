package io.github.twiliospring.messaging.simulator.boot;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Turns the simulator on in the context of a test that asks for it.
 */
class TwilioSimulatorContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		EnableTwilioSimulator annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass,
				EnableTwilioSimulator.class);
		return (annotation != null) ? new TwilioSimulatorContextCustomizer(annotation.clock()) : null;
	}

	/**
	 * Equal where the clock is, so that contexts are shared by the tests that may.
	 *
	 * @param clock what moves the simulator's time
	 */
	private record TwilioSimulatorContextCustomizer(
			TwilioSimulatorProperties.Clock clock) implements ContextCustomizer {

		// The reports have to reach the test's own web server, whatever is configured for
		// production.
		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("twilioSimulator",
						Map.of("twilio.simulator.enabled", "true", "twilio.simulator.port", "0",
								"twilio.simulator.clock", this.clock.name(), "twilio.messaging.webhook.public-url", "",
								"twilio.simulator.state", "")));
		}

	}

}

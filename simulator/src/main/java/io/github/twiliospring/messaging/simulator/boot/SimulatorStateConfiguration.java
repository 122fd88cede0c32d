package io.github.twiliospring.messaging.simulator.boot;

import java.nio.file.Path;

import io.github.twiliospring.messaging.simulator.state.SimulatorState;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Keeps the simulator's state over restarts of the application. What was under way goes
 * on once the application can hear of it.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(SimulatorStateConfiguration.StateIsNamed.class)
class SimulatorStateConfiguration {

	// The simulator closes it.
	@Bean(destroyMethod = "")
	SimulatorState simulatorState(TwilioSimulatorProperties properties) {
		return SimulatorState.in(Path.of(String.valueOf(properties.state()))).held();
	}

	@Bean
	ApplicationListener<ContextRefreshedEvent> simulatorStateListener(SimulatorState state,
			ApplicationContext application) {
		return new ApplicationListener<>() {

			@Override
			public void onApplicationEvent(ContextRefreshedEvent event) {
				if (event.getApplicationContext() == application) {
					state.resume();
				}
			}

		};
	}

	/** Tests empty the property, which is no name. */
	static class StateIsNamed implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return StringUtils.hasText(context.getEnvironment().getProperty("twilio.simulator.state"));
		}

	}

}

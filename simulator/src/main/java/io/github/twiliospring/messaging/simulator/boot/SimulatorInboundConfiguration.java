package io.github.twiliospring.messaging.simulator.boot;

import io.github.twiliospring.messaging.autoconfigure.TwilioWebhookProperties;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Sends what the simulated phones write to the application's own webhook, once its web
 * server runs.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@ConditionalOnClass(WebServerInitializedEvent.class)
class SimulatorInboundConfiguration {

	@Bean
	ApplicationListener<WebServerInitializedEvent> simulatorInboundListener(TwilioSimulator simulator,
			ObjectProvider<TwilioWebhookProperties> webhook, Environment environment, ApplicationContext own) {
		return new ApplicationListener<>() {

			@Override
			public void onApplicationEvent(WebServerInitializedEvent event) {
				// It hears of its children, too, such as the actuator's.
				if (event.getApplicationContext() != own) {
					return;
				}
				TwilioWebhookProperties properties = webhook.getIfAvailable();
				if (properties == null) {
					return;
				}
				String path = properties.inboundPath();
				String basePath = environment.getProperty("spring.webflux.base-path",
						environment.getProperty("server.servlet.context-path", ""));
				simulator.inboundUrl("http://localhost:" + event.getWebServer().getPort()
						+ StringUtils.trimTrailingCharacter(basePath, '/') + path);
			}

		};
	}

}

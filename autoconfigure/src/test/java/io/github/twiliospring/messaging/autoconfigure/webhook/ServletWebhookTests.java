package io.github.twiliospring.messaging.autoconfigure.webhook;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The webhook on Tomcat and on Jetty.
 */
class ServletWebhookTests {

	@Nested
	class Alone extends WebhookContract {

		Alone() {
			super(Server.TOMCAT, false);
		}

	}

	@Nested
	class OnJetty extends WebhookContract {

		OnJetty() {
			super(Server.JETTY, true);
		}

	}

	@Nested
	class AheadOfSpringSecurity extends WebhookContract {

		AheadOfSpringSecurity() {
			super(Server.TOMCAT, true);
		}

	}

	@Nested
	class BehindSpringSecurity extends WebhookContract {

		BehindSpringSecurity() {
			super(Server.TOMCAT, true, Permitting.class, "twilio.messaging.webhook.behind-security=true",
					"spring.mvc.hiddenmethod.filter.enabled=false");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Permitting extends WebhookApplication.Handlers {

		@Bean
		SecurityFilterChain securityFilterChain(HttpSecurity http) {
			return http
				.authorizeHttpRequests(
						(requests) -> requests.requestMatchers("/twilio/**").permitAll().anyRequest().authenticated())
				.csrf((csrf) -> csrf.ignoringRequestMatchers("/twilio/**"))
				.httpBasic(Customizer.withDefaults())
				.build();
		}

	}

	@Nested
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with Java 21")
	class OnVirtualThreads extends WebhookContract {

		OnVirtualThreads() {
			super(Server.TOMCAT, true, "spring.threads.virtual.enabled=true");
		}

		@Test
		void callsBlockingMethodsOnVirtualThreads() throws Exception {
			assertThat(this.client.postSigned(url(), form(newSid(), "sent"))).isEqualTo(204);
			for (Thread thread : this.application.handlers().threads) {
				assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
			}
		}

	}

	@Nested
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with Java 21")
	class OnJettysVirtualThreads extends WebhookContract {

		OnJettysVirtualThreads() {
			super(Server.JETTY, false, "spring.threads.virtual.enabled=true");
		}

	}

}

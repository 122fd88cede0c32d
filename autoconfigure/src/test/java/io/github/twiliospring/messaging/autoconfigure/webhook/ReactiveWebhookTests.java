package io.github.twiliospring.messaging.autoconfigure.webhook;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The webhook on WebFlux and Netty.
 */
class ReactiveWebhookTests {

	@Nested
	class Alone extends WebhookContract {

		Alone() {
			super(Server.NETTY, false);
		}

	}

	@Nested
	class AheadOfSpringSecurity extends WebhookContract {

		AheadOfSpringSecurity() {
			super(Server.NETTY, true);
		}

	}

	@Nested
	class BehindSpringSecurity extends WebhookContract {

		BehindSpringSecurity() {
			super(Server.NETTY, true, Permitting.class, "twilio.messaging.webhook.behind-security=true",
					"spring.webflux.hiddenmethod.filter.enabled=false");
		}

	}

	@Nested
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with Java 21")
	class WithVirtualThreads extends WebhookContract {

		WithVirtualThreads() {
			super(Server.NETTY, false, "spring.threads.virtual.enabled=true");
		}

		@Test
		void callsBlockingMethodsOnVirtualThreads() throws Exception {
			assertThat(this.client.postSigned(url(), form(newSid(), "sent"))).isEqualTo(204);
			assertThat(this.application.handlers().threads).isNotEmpty();
			for (Thread thread : this.application.handlers().threads) {
				assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Permitting extends WebhookApplication.Handlers {

		@Bean
		SecurityWebFilterChain securityWebFilterChain(ServerHttpSecurity http) {
			return http
				.authorizeExchange(
						(exchanges) -> exchanges.pathMatchers("/twilio/**").permitAll().anyExchange().authenticated())
				.csrf(ServerHttpSecurity.CsrfSpec::disable)
				.httpBasic(Customizer.withDefaults())
				.build();
		}

	}

}

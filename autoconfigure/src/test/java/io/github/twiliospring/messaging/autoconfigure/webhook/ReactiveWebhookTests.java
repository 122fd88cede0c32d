package io.github.twiliospring.messaging.autoconfigure.webhook;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import org.junit.jupiter.api.Nested;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;

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

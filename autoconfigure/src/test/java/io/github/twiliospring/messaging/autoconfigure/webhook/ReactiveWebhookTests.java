package io.github.twiliospring.messaging.autoconfigure.webhook;

import org.junit.jupiter.api.Nested;

import org.springframework.boot.WebApplicationType;

/**
 * The webhook on WebFlux and Netty.
 */
class ReactiveWebhookTests {

	@Nested
	class Alone extends WebhookContract {

		Alone() {
			super(WebApplicationType.REACTIVE, false);
		}

	}

	@Nested
	class AheadOfSpringSecurity extends WebhookContract {

		AheadOfSpringSecurity() {
			super(WebApplicationType.REACTIVE, true);
		}

	}

}

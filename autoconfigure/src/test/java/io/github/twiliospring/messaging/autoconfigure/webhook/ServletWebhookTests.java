package io.github.twiliospring.messaging.autoconfigure.webhook;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.WebApplicationType;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The webhook on Tomcat.
 */
class ServletWebhookTests {

	@Nested
	class Alone extends WebhookContract {

		Alone() {
			super(WebApplicationType.SERVLET, false);
		}

	}

	@Nested
	class AheadOfSpringSecurity extends WebhookContract {

		AheadOfSpringSecurity() {
			super(WebApplicationType.SERVLET, true);
		}

	}

	@Nested
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with Java 21")
	class OnVirtualThreads extends WebhookContract {

		OnVirtualThreads() {
			super(WebApplicationType.SERVLET, true, "spring.threads.virtual.enabled=true");
		}

		@Test
		void callsBlockingMethodsOnVirtualThreads() throws Exception {
			assertThat(this.client.postSigned(url(), form(newSid(), "sent"))).isEqualTo(204);
			for (Thread thread : this.application.handlers().threads) {
				assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
			}
		}

	}

}

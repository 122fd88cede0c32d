package io.github.twiliospring.messaging.autoconfigure.webhook;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.autoconfigure.ApiStub;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.observation.DefaultMessagingObservationConvention;
import io.github.twiliospring.messaging.observation.DefaultWebhookObservationConvention;
import io.github.twiliospring.messaging.observation.MessagingObservationConvention;
import io.github.twiliospring.messaging.observation.MessagingObservationContext;
import io.github.twiliospring.messaging.observation.WebhookObservationContext;
import io.github.twiliospring.messaging.observation.WebhookObservationConvention;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application's meters are called, as Boot wires them.
 */
class ObservationTests {

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	@Test
	void theMetersOfRequestsHaveTheirUriTemplateAndNoNumberOrSid() {
		try (ApiStub api = new ApiStub();
				WebhookApplication application = WebhookApplication.start(WebApplicationType.REACTIVE, false,
						WebhookApplication.Handlers.class, properties(api))) {
			MessagingTemplate messaging = application.bean(MessagingTemplate.class);
			messaging.send("+15558675310", "Hi").block();
			messaging.list(MessageQuery.query().to("+15558675310").pageSize(1)).take(1).blockLast();
			messaging.cancel(SID).onErrorComplete().block();
			MeterRegistry meters = application.bean(MeterRegistry.class);
			// It's WebClient's own, which may end after the result was seen.
			Awaitility.await()
				.untilAsserted(() -> assertThat(meters.get("http.client.requests").timers())
					.extracting((timer) -> timer.getId().getTag("uri"))
					.containsOnly("/2010-04-01/Accounts/{AccountSid}/Messages.json",
							"/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json"));
			assertThat(meters.getMeters()).allSatisfy((meter) -> assertThat(meter.getId().toString())
				.doesNotContain("5558675310", SID, ApiStub.ACCOUNT_SID));
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "REACTIVE", "SERVLET" })
	void conventionsOfTheUsersOwnNameWhatIsObserved(WebApplicationType stack) {
		try (ApiStub api = new ApiStub();
				WebhookApplication application = WebhookApplication.start(stack, false, Conventions.class,
						properties(api))) {
			application.bean(MessagingTemplate.class).send("+15558675310", "Hi").block();
			String url = "http://localhost:" + application.port() + WebhookApplication.PATH;
			assertThat(new WebhookClient().postSigned(url, form(newSid(), "sent"))).isEqualTo(204);
			MeterRegistry meters = application.bean(MeterRegistry.class);
			assertThat(meters.get("shop.messages").tag("team", "shop").timer().count()).isOne();
			// It ends when the answer is written.
			Awaitility.await()
				.untilAsserted(() -> assertThat(meters.find("shop.reports").tag("team", "shop").timer()).isNotNull());
			assertThat(meters.find("twilio.messaging.operations").timer()).isNull();
		}
	}

	private static String[] properties(ApiStub api) {
		return new String[] { "twilio.base-url=" + api.url(), "twilio.messaging.from=+15017122661" };
	}

	@Configuration(proxyBeanMethods = false)
	static class Conventions {

		@Bean
		MessagingObservationConvention messages() {
			return new MessageNames();
		}

		@Bean
		WebhookObservationConvention reports() {
			return new ReportNames();
		}

	}

	private static final class MessageNames extends DefaultMessagingObservationConvention {

		@Override
		public String getName() {
			return "shop.messages";
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(MessagingObservationContext context) {
			return super.getLowCardinalityKeyValues(context).and("team", "shop");
		}

	}

	private static final class ReportNames extends DefaultWebhookObservationConvention {

		@Override
		public String getName() {
			return "shop.reports";
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(WebhookObservationContext context) {
			return super.getLowCardinalityKeyValues(context).and("team", "shop");
		}

	}

}

package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.util.Map;

import io.github.twiliospring.messaging.autoconfigure.StatusCallbackAddress;
import io.github.twiliospring.messaging.autoconfigure.TwilioWebhookProperties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.sign;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the webhook is: base paths, proxies, Spring Security.
 */
class WebhookPlacementTests {

	private final WebhookClient client = new WebhookClient();

	@ParameterizedTest
	@CsvSource({ "SERVLET,server.servlet.context-path", "REACTIVE,spring.webflux.base-path" })
	void isBelowTheBasePathOfTheApplication(WebApplicationType stack, String property) {
		try (WebhookApplication application = WebhookApplication.start(stack, true, property + "=/shop")) {
			String url = "http://localhost:" + application.port() + "/shop" + WebhookApplication.PATH;
			assertThat(this.client.postSigned(url, form(newSid(), "sent"))).isEqualTo(204);
		}
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,server.servlet.context-path", "REACTIVE,spring.webflux.base-path" })
	void isVerifiedAgainstThePublicUrlThatIsFilledIn(WebApplicationType stack, String property) {
		try (WebhookApplication application = WebhookApplication.start(stack, true, property + "=/shop",
				"twilio.messaging.webhook.public-url=https://shop.example.com/prefix",
				"twilio.messaging.webhook.path=/sms", "twilio.messaging.webhook.callback.overrides=rc=1")) {
			String filledIn = application.bean(StatusCallbackAddress.class).get();
			assertThat(filledIn).isEqualTo("https://shop.example.com/prefix/shop/sms#rc=1");
			String url = "http://localhost:" + application.port() + "/shop/sms?a=b%20c";
			String form = form(newSid(), "sent");
			String publicUrl = filledIn.replace("#", "?a=b%20c#");
			assertThat(this.client.post(url, form, sign(publicUrl, form))).isEqualTo(204);
			assertThat(this.client.post(url, form, sign(url, form))).isEqualTo(403);
			Map<String, String> prefix = Map.of("X-Forwarded-Prefix", "/prefix");
			assertThat(this.client.post(url, form, prefix, sign(publicUrl, form)).statusCode()).isEqualTo(204);
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void isVerifiedWithoutTheUserNameAndPasswordOfThePublicUrl(WebApplicationType stack) {
		try (WebhookApplication application = WebhookApplication.start(stack, false,
				"twilio.messaging.webhook.public-url=https://provider:hush%40@shop.example.com")) {
			assertThat(application.bean(StatusCallbackAddress.class).get())
				.startsWith("https://provider:hush%40@shop.example.com/twilio/status#");
			String url = "http://localhost:" + application.port() + WebhookApplication.PATH;
			String form = form(newSid(), "sent");
			assertThat(this.client.post(url, form, sign("https://shop.example.com/twilio/status", form)))
				.isEqualTo(204);
			assertThat(application.bean(TwilioWebhookProperties.class).toString()).contains("shop.example.com")
				.doesNotContain("hush");
		}
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,framework", "SERVLET,native", "REACTIVE,framework", "REACTIVE,native" })
	void believesForwardedHeadersWhereTheApplicationDoes(WebApplicationType stack, String strategy) {
		try (WebhookApplication application = WebhookApplication.start(stack, true,
				"server.forward-headers-strategy=" + strategy)) {
			String url = "http://localhost:" + application.port() + WebhookApplication.PATH;
			String form = form(newSid(), "sent");
			String signature = sign("https://shop.example.com" + WebhookApplication.PATH, form);
			assertThat(this.client
				.post(url, form, Map.of("X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example.com",
						"X-Forwarded-Port", "443"), signature)
				.statusCode()).isEqualTo(204);
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void isRefusedByTheDefaultsOfSpringSecurityWhereItIsPutBehind(WebApplicationType stack) {
		try (WebhookApplication application = WebhookApplication.start(stack, true,
				"twilio.messaging.webhook.behind-security=true")) {
			String sid = newSid();
			String url = "http://localhost:" + application.port() + WebhookApplication.PATH;
			assertThat(this.client.postSigned(url, form(sid, "sent"))).isIn(401, 403);
			assertThat(application.handlers().statusesOf(sid)).isEmpty();
		}
	}

}

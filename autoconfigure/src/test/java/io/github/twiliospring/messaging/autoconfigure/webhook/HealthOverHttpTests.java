package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.util.stream.Stream;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.autoconfigure.ApiStub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What an operator sees of the API over HTTP, on either stack.
 */
class HealthOverHttpTests {

	private final ApiStub api = new ApiStub();

	@AfterEach
	void stop() {
		this.api.close();
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void tellsHowTheApiAnsweredWithoutACallOfItsOwnAndWithoutASecret(WebApplicationType stack) {
		try (WebhookApplication application = start(stack, "management.info.twilio.enabled=true")) {
			assertThat(status(get(application, "health"))).isEqualTo("UNKNOWN");
			assertThat(this.api.requests()).isEmpty();
			this.api.answerWith(401);
			assertThat(catchThrowable(() -> send(application))).isNotNull();
			ResponseEntity<String> refused = get(application, "health");
			assertThat(refused.getStatusCode().value()).isEqualTo(503);
			assertThat(status(refused)).isEqualTo("DOWN");
			DocumentContext body = JsonPath.parse(refused.getBody());
			assertThat(body.<Integer>read("$.components.twilio.details.refused")).isOne();
			assertThat(body.<String>read("$.components.twilio.details.lastError")).isEqualTo("refused (HTTP 401)");
			this.api.answerWith(201);
			send(application);
			ResponseEntity<String> answering = get(application, "health");
			assertThat(answering.getStatusCode().value()).isEqualTo(200);
			assertThat(status(answering)).isEqualTo("UP");
			ResponseEntity<String> info = get(application, "info");
			assertThat(JsonPath.parse(info.getBody()).<String>read("$.twilio.accountSid")).isEqualTo("AC…cdef");
			assertThat(Stream.of(refused, answering, info).map(ResponseEntity::getBody))
				.allSatisfy((text) -> assertThat(text).doesNotContain("hush", ApiStub.ACCOUNT_SID, "15017122661",
						"15558675310"));
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void asksTheApiOnceInAnIntervalWhereItIsActive(WebApplicationType stack) {
		try (WebhookApplication application = start(stack, "management.health.twilio.active=true",
				"management.health.twilio.interval=1h")) {
			assertThat(status(get(application, "health"))).isEqualTo("UP");
			assertThat(status(get(application, "health"))).isEqualTo("UP");
			assertThat(this.api.requests()).extracting(ApiStub.Request::method).containsExactly("GET");
		}
	}

	private WebhookApplication start(WebApplicationType stack, String... properties) {
		return WebhookApplication.start(stack, false,
				Stream
					.of(this.api.properties(), properties,
							new String[] { "management.health.redis.enabled=false",
									"management.endpoints.web.exposure.include=health,info",
									"management.endpoint.health.show-details=always" })
					.flatMap(Stream::of)
					.toArray(String[]::new));
	}

	private static void send(WebhookApplication application) {
		application.bean(MessagingOperations.class).send("+15558675310", "Hi").block();
	}

	private static String status(ResponseEntity<String> health) {
		return JsonPath.read(health.getBody(), "$.components.twilio.status");
	}

	private static ResponseEntity<String> get(WebhookApplication application, String endpoint) {
		return RestClient.create("http://localhost:" + application.port())
			.get()
			.uri("/actuator/" + endpoint)
			.retrieve()
			.onStatus((status) -> true, (request, response) -> {
			})
			.toEntity(String.class);
	}

}

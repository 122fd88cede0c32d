package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an operator sees of an application's outbox over HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "twilio.messaging.from=+15017122661",
				"management.endpoints.web.exposure.include=health,prometheus,twiliooutbox",
				"management.endpoint.health.show-details=always", "management.prometheus.metrics.export.enabled=true" })
@EnableTwilioSimulator
class OutboxOverHttpTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@Autowired
	MessagingOutbox outbox;

	@LocalServerPort
	int port;

	@Test
	void showsEntriesHealthAndMetricsWithoutANumber() {
		this.outbox.send("ship-1", to("+15558675310").body("On its way"));
		this.outbox.awaitEnded("ship-1", TIMEOUT);
		String shown = await().atMost(TIMEOUT)
			.until(() -> get("twiliooutbox").getBody(), (body) -> body.contains("\"sent\":1"));
		assertThat(JsonPath.<Boolean>read(shown, "$.relaying")).isTrue();
		assertThat(JsonPath.<Double>read(shown, "$.lagSeconds")).isNotNegative();
		assertThat(JsonPath.<List<?>>read(shown, "$.unresolved")).isEmpty();
		String entry = get("twiliooutbox/ship-1").getBody();
		assertThat(JsonPath.<String>read(entry, "$.state")).isEqualTo("sent");
		assertThat(JsonPath.<String>read(entry, "$.sendAt")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
		assertThat(get("twiliooutbox/ship-2").getStatusCode().value()).isEqualTo(404);
		String health = get("health").getBody();
		assertThat(JsonPath.<String>read(health, "$.components.twilioOutbox.status")).isEqualTo("UP");
		assertThat(JsonPath.<String>read(health, "$.components.twilioOutbox.details.relay")).isEqualTo("running");
		String metrics = get("prometheus").getBody();
		assertThat(metrics).contains("twilio_messaging_outbox_entries{twilio_messaging_outbox_state=\"sent\"} 1.0",
				"twilio_messaging_outbox_sends_total{twilio_messaging_outcome=\"accepted\"} 1.0");
		assertThat(shown + entry + health).doesNotContain("5558675", "On its way");
		assertThat(metrics).doesNotContain("5558675310", "On its way", "ship-1");
	}

	private ResponseEntity<String> get(String path) {
		return RestClient.create("http://localhost:" + this.port)
			.get()
			.uri("/actuator/" + path)
			.retrieve()
			.onStatus((status) -> true, (request, response) -> {
			})
			.toEntity(String.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

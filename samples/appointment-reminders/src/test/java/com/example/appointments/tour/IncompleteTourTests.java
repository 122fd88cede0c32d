package com.example.appointments.tour;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A tour on which no status update can come back.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "twilio.messaging.webhook.public-url=http://localhost:1", "appointments.tour.patience=4s" })
@AutoConfigureWebTestClient(timeout = "30s")
class IncompleteTourTests {

	@Autowired
	WebTestClient client;

	@Test
	void saysWhatIsMissingAndTheApplicationStaysUp(CapturedOutput output) {
		assertThat(output.getOut()).contains("Ada ...5310: promised")
			.contains(
					"Tour incomplete: within 4 seconds there was no status update to delivered for Ada ...5310, only to []")
			.doesNotContain("Tour complete");
		this.client.get().uri("/api/appointments").exchange().expectStatus().isOk().expectBody();
	}

}

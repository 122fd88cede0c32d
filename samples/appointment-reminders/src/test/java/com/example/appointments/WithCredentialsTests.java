package com.example.appointments;

import io.github.twiliospring.messaging.autoconfigure.TwilioConnectionDetails;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.ApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same application with an account: the simulator's property is all that goes.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "twilio.simulator.enabled=false", "twilio.account-sid=AC0123456789abcdef0123456789abcdef",
				"twilio.auth-token=secret", "twilio.messaging.webhook.public-url=https://practice.example.com" })
@AutoConfigureWebTestClient(timeout = "30s")
class WithCredentialsTests {

	@Autowired
	ApplicationContext context;

	@Autowired
	TwilioConnectionDetails connectionDetails;

	@Autowired
	WebTestClient client;

	@Test
	void talksToTheProviderAndTakesNoTour() {
		assertThat(this.connectionDetails.getBaseUrl()).hasToString("https://api.twilio.com");
		assertThat(this.context.getBeansOfType(Object.class).values())
			.noneMatch((bean) -> bean.getClass().getName().startsWith("com.example.appointments.tour"));
		this.client.get().uri("/api/practice").exchange().expectBody().jsonPath("$.localApi").doesNotExist();
		this.client.get().uri("/api/appointments").exchange().expectStatus().isOk().expectBody().json("[]");
	}

}

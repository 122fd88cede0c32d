package com.example.orders;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class OrderUpdatesTests {

	private static final String REACHABLE = "+15558675310";

	private static final String UNREACHABLE = "+15558675311";

	@Autowired
	TwilioSimulator simulator;

	RestClient http;

	@BeforeEach
	void client(@LocalServerPort int port) {
		this.http = RestClient.create("http://localhost:" + port);
	}

	@Test
	void showsThatTheMessageAboutAnOrderWasDelivered() {
		ship("order-42", REACHABLE);
		this.simulator.awaitCallback(MessageMatcher.to(REACHABLE), MessageStatus.DELIVERED);
		assertThat(orders()).contains("\"id\":\"order-42\"").contains("\"message\":\"delivered\"");
	}

	@Test
	void showsWhyACustomerCouldNotBeTold() {
		this.simulator.fail(MessageMatcher.to(UNREACHABLE), 30003);
		ship("order-43", UNREACHABLE);
		this.simulator.awaitCallback(MessageMatcher.to(UNREACHABLE), MessageStatus.UNDELIVERED);
		assertThat(orders()).contains("\"id\":\"order-43\"").contains("\"message\":\"undelivered (UNREACHABLE)\"");
	}

	private void ship(String id, String customer) {
		this.http.put().uri("/orders/{id}?customer={customer}", id, customer).retrieve().toBodilessEntity();
	}

	private String orders() {
		return this.http.get().uri("/orders").retrieve().body(String.class);
	}

}

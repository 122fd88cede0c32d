package com.example.orders;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.client.RestClient;

import static io.github.twiliospring.messaging.message.MessageStatus.DELIVERED;
import static io.github.twiliospring.messaging.message.MessageStatus.FAILED;
import static io.github.twiliospring.messaging.message.MessageStatus.UNDELIVERED;
import static io.github.twiliospring.messaging.simulator.MessageMatcher.sentTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application as its users see it, with a simulator in place of the API.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@EnableTwilioSimulator
class OrderUpdatesTests {

	private static final String CUSTOMER = "+15558675310";

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	BlockingMessagingOperations messaging;

	RestClient http;

	@BeforeEach
	void client(@LocalServerPort int port) {
		this.http = RestClient.create("http://localhost:" + port);
	}

	@Test
	void tellsTheCustomer() {
		ship("order-41", CUSTOMER);
		SimulatedMessage message = this.simulator.awaitMessage(sentTo(CUSTOMER));
		assertThat(message.body()).isEqualTo("Your order order-41 is on its way");
	}

	@Test
	void showsThatTheMessageAboutAnOrderWasDelivered() {
		ship("order-42", CUSTOMER);
		this.simulator.awaitCallback(sentTo(CUSTOMER), DELIVERED);
		assertThat(orders()).contains(new Order("order-42", CUSTOMER, "delivered"));
	}

	@Test
	void sendsFromASubaccountWithItsOwnersCredentials() {
		String subaccount = "AC" + "5".repeat(32);
		this.messaging.forAccount(subaccount).send(CUSTOMER, "Hi");
		assertThat(this.simulator.awaitMessage(sentTo(CUSTOMER)).accountSid()).isEqualTo(subaccount);
		this.simulator.awaitCallback(sentTo(CUSTOMER), DELIVERED);
	}

	@Test
	void showsWhyACustomerCouldNotBeTold() {
		this.simulator.fail(sentTo(CUSTOMER), 30003);
		ship("order-43", CUSTOMER);
		this.simulator.awaitCallback(sentTo(CUSTOMER), UNDELIVERED);
		assertThat(orders()).contains(new Order("order-43", CUSTOMER, "undelivered (UNREACHABLE)"));
	}

	@Test
	void showsWhyAMessageCouldNotBeSent() {
		this.simulator.failSending(sentTo(CUSTOMER), 30007);
		ship("order-44", CUSTOMER);
		this.simulator.awaitCallback(sentTo(CUSTOMER), FAILED);
		assertThat(orders()).contains(new Order("order-44", CUSTOMER, "failed (FILTERED)"));
	}

	@Test
	void showsThatACustomerWantsNoMessages() {
		// One of the provider's numbers for tests: whoever has it has opted out.
		String optedOut = "+15005550004";
		ship("order-45", optedOut);
		assertThat(this.simulator.messages()).isEmpty();
		assertThat(orders()).contains(new Order("order-45", optedOut, "refused (OPTED_OUT)"));
	}

	private void ship(String id, String customer) {
		this.http.put().uri("/orders/{id}?customer={customer}", id, customer).retrieve().toBodilessEntity();
	}

	private Order[] orders() {
		return this.http.get().uri("/orders").retrieve().body(Order[].class);
	}

}

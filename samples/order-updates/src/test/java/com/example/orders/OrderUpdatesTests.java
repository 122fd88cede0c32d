package com.example.orders;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
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

	@Autowired
	MessagingOutbox outbox;

	RestClient http;

	private String base;

	@BeforeEach
	void client(@LocalServerPort int port) {
		this.base = "http://localhost:" + port;
		this.http = RestClient.create(this.base);
	}

	@Test
	void tellsTheCustomer() {
		ship("order-41", CUSTOMER);
		SimulatedMessage message = this.simulator.awaitMessage(sentTo(CUSTOMER));
		assertThat(message.body()).isEqualTo("Your order order-41 is on its way");
	}

	@Test
	void believesNoStatusCallbackThatIsSignedWithATokenOfTheSourceCode() {
		ship("order-48", CUSTOMER);
		this.simulator.awaitCallback(sentTo(CUSTOMER), DELIVERED);
		String forged = "0123456789abcdef0123456789abcdef";
		assertThat(report("order-48", new RequestSigner(forged))).isEqualTo(403);
		assertThat(orders()).contains(new Order("order-48", CUSTOMER, "delivered"));
		assertThat(report("order-48", new RequestSigner(this.simulator.authToken()))).isEqualTo(204);
		assertThat(orders()).contains(new Order("order-48", CUSTOMER, "failed"));
	}

	@Test
	void showsThatTheMessageAboutAnOrderWasDelivered() {
		ship("order-42", CUSTOMER);
		this.simulator.awaitCallback(sentTo(CUSTOMER), DELIVERED);
		assertThat(orders()).contains(new Order("order-42", CUSTOMER, "delivered"));
	}

	@Test
	void refusesACustomerWithoutAPlusAndSaysWhy() {
		String answer = this.http.put()
			.uri("/orders/order-60?customer=15558675310")
			.retrieve()
			.onStatus((status) -> true, (request, response) -> {
			})
			.body(String.class);
		assertThat(answer).contains("\"status\":400", "To: …5310 is neither a number in E.164 form");
		assertThat(orders()).extracting(Order::id).doesNotContain("order-60");
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
		assertThat(this.outbox.awaitEnded("order-45").state()).isEqualTo(OutboxState.REJECTED);
		assertThat(this.simulator.messages()).isEmpty();
		assertThat(orders()).contains(new Order("order-45", optedOut, "refused (OPTED_OUT)"));
	}

	@Test
	void anOrderThatCantBeSentIsntTakenAndTheSameOrderAgainIsSentOnce() {
		assertThat(put("order-46", "nobody")).isEqualTo(400);
		assertThat(orders()).extracting(Order::id).doesNotContain("order-46");
		assertThat(put("order-46", CUSTOMER)).isEqualTo(200);
		assertThat(put("order-46", CUSTOMER)).isEqualTo(200);
		assertThat(put("order-46", "+15558675311")).as("another customer").isEqualTo(409);
		this.simulator.awaitCallback(sentTo(CUSTOMER), DELIVERED);
		assertThat(this.simulator.messages()).hasSize(1);
		assertThat(orders()).contains(new Order("order-46", CUSTOMER, "delivered"));
	}

	@Test
	void theSameOrderFromSeveralRequestsAtOnceIsTakenOnce() {
		assertThat(IntStream.range(0, 8).parallel().map((request) -> put("order-49", CUSTOMER)).distinct())
			.containsExactly(200);
		this.simulator.awaitCallback(sentTo(CUSTOMER), DELIVERED);
		assertThat(this.simulator.messages()).hasSize(1);
	}

	// About another message of the same order.
	private int report(String order, RequestSigner signer) {
		String url = this.base + "/twilio/status?message-reference=" + order;
		Map<String, String> form = Map.of("AccountSid", this.simulator.accountSid(), "MessageSid",
				"SM0123456789abcdef0123456789abcd48", "MessageStatus", "failed");
		Map<String, List<String>> signed = new HashMap<>();
		form.forEach((name, value) -> signed.put(name, List.of(value)));
		return this.http.post()
			.uri(URI.create(url))
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.header(RequestSigner.SIGNATURE_HEADER, signer.sign(url, signed))
			.body(MultiValueMap.fromSingleValue(form))
			.exchange((request, response) -> response.getStatusCode().value());
	}

	private void ship(String id, String customer) {
		assertThat(put(id, customer)).isEqualTo(200);
	}

	private int put(String id, String customer) {
		return this.http.put()
			.uri("/orders/{id}?customer={customer}", id, customer)
			.exchange((request, response) -> response.getStatusCode().value());
	}

	private Order[] orders() {
		return this.http.get().uri("/orders").retrieve().body(Order[].class);
	}

}

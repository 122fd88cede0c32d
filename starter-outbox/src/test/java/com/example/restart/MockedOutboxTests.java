package com.example.restart;

import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxRequest;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;

/**
 * An application's test that puts a mock in the outbox's place.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE, classes = OutboxApplicationTests.Shop.class,
		properties = { "twilio.account-sid=AC0123456789abcdef0123456789abcdef", "twilio.auth-token=secret",
				"twilio.messaging.from=+15017122661" })
@Import(MockedOutboxTests.Shipping.class)
class MockedOutboxTests {

	@MockitoBean
	MessagingOutbox outbox;

	@Autowired
	Shipping shipping;

	@Test
	void theApplicationGetsTheMockAndNothingElseMissesTheOutbox() {
		this.shipping.ship("42");
		assertThat(Mockito.mockingDetails(this.outbox).isMock()).isTrue();
		Mockito.verify(this.outbox).send(eq("ship-42"), any(OutboundMessage.class));
		Mockito.verify(this.outbox, Mockito.never()).send(any(OutboxRequest.class));
	}

	static class Shipping {

		private final MessagingOutbox outbox;

		Shipping(MessagingOutbox outbox) {
			this.outbox = outbox;
		}

		void ship(String id) {
			this.outbox.send("ship-" + id, to("+15558675310").body("On its way").build());
		}

	}

}

package com.example.shop;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OnUnresolved;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxPriority;
import io.github.twiliospring.messaging.outbox.OutboxRequest;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.outbox.OutboxUpdateEvent;
import io.github.twiliospring.messaging.outbox.Resolution;

import org.springframework.context.event.EventListener;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code of docs/durable-sending.md.
 */
class OutboxCode {

	private final MessagingOutbox outbox;

	private final List<String> heard = new ArrayList<>();

	OutboxCode(MessagingOutbox outbox) {
		this.outbox = outbox;
	}

	// @formatter:off
	void follow(Instant newTime) {
		outbox.reschedule("review-42", newTime);                         // true, unless it's being sent or has ended
		outbox.cancel("review-42");                                      // the same
		Optional<OutboxEntry> entry = outbox.find("ship-42");            // state, time, message SID, last status, error
		List<OutboxEntry> open = outbox.unresolved();                    // what a person has to decide
		outbox.resolve("ship-42", Resolution.SEND_AGAIN);                // or SENT, or DROP
		System.out.println(entry + ", " + open);
	}

	void options(OutboundMessage code, Stream<OutboxRequest> campaign) {
		outbox.send(OutboxRequest.of("code-42", code)
		    .priority(OutboxPriority.HIGH)                               // doesn't wait behind a campaign
		    .giveUpAfter(ofMinutes(5))                                   // who logs in doesn't wait longer
		    .onUnresolved(OnUnresolved.SEND_AGAIN));                     // a second code does no harm
		outbox.sendAll(campaign);                                        // portions of 500, each committed
	}

	void inATest(String customer) {
		outbox.send("ship-42", to(customer).body("On its way"));
		OutboxEntry entry = outbox.awaitEnded("ship-42");                // ten seconds at most, or as long as you say
		assertThat(entry.state()).isEqualTo(OutboxState.SENT);
	}

	@EventListener
	void on(OutboxUpdateEvent event) {
	    heard.add(event.entry().key());
	}
	// @formatter:on

}

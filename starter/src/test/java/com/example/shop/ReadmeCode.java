package com.example.shop;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.SendResult;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.IncomingMessage;
import io.github.twiliospring.messaging.webhook.Reply;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;

import static io.github.twiliospring.messaging.message.MessageQuery.query;
import static io.github.twiliospring.messaging.message.MessageStatus.DELIVERED;
import static io.github.twiliospring.messaging.message.MessageStatus.FAILED;
import static io.github.twiliospring.messaging.message.MessageStatus.UNDELIVERED;
import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * The code of the README, compiled with nothing but the starter. {@code PagesTests} in
 * samples/order-updates finds it here.
 */
class ReadmeCode {

	private final Orders orders = (reference, status, error) -> Mono.empty();

	void sending(MessagingTemplate messaging, URI logo, ZoneId zone, String sid, LocalDate monday,
			Flux<OutboundMessage> reminders, String mediaSid, MessageOutcomeUnknownException unknown,
			String subaccountSid) {
		// @formatter:off
		messaging.send("+15558675310", "Your table is ready");                        // Mono<Message>
		messaging.send(to("+15558675310").body("Hi").mediaUrl(logo).reference("order-42"));
		messaging.schedule(to("+15558675310").body("See you at 9"),
		        ZonedDateTime.now(zone).plusDays(1).with(LocalTime.of(8, 0)));        // or an Instant; UTC on the wire
		messaging.cancel(sid);
		messaging.redact(sid);
		messaging.delete(sid);
		messaging.fetch(sid);
		messaging.list(query().to("+15558675310").sentSince(monday));                 // Flux<Message>, pages fetched on demand
		messaging.sendAll(reminders);                                                 // Flux of one result per message
		messaging.listMedia(sid);                                                     // Flux<Media>
		messaging.fetchMedia(sid, mediaSid);
		messaging.deleteMedia(sid, mediaSid);
		messaging.mediaContent(sid, mediaSid);                                        // Flux<DataBuffer>, redirects followed
		messaging.feedback(sid, FeedbackOutcome.CONFIRMED);
		messaging.reconcile(unknown);                                                 // after an unknown outcome; never sends
		messaging.forAccount(subaccountSid).send("+15558675310", "Hi");
		// @formatter:on
	}

	void blocking(BlockingMessagingOperations blocking, Instant tomorrow, String sid, String mediaSid,
			List<OutboundMessage> reminders, Path picture) throws IOException {
		// @formatter:off
		Message sent = blocking.send("+15558675310", "Your table is ready");          // or it throws
		blocking.schedule(to("+15558675310").body("See you at 9"), tomorrow);
		blocking.cancel(sid);
		List<Message> newest = blocking.list(query().to("+15558675310")).limit(10).toList();   // a Stream, pages fetched on demand
		List<SendResult> results = blocking.sendAll(reminders);                       // one result per message, in their order
		try (InputStream content = blocking.mediaContent(sid, mediaSid)) {
		    Files.copy(content, picture);
		}
		// @formatter:on
	}

	// @formatter:off
	@StatusCallback({ DELIVERED, UNDELIVERED, FAILED })
	Mono<Void> track(StatusUpdate update) {
	    return orders.mark(update.reference(), update.status(), update.error());
	}

	@InboundMessage
	Reply answer(IncomingMessage message) {
	    return Reply.text("Thanks, " + message.from());
	}
	// @formatter:on

	record Reactive(MessagingOperations messaging) {

		// @formatter:off
		@PutMapping("/orders/{id}")
		Mono<String> ship(@PathVariable String id, @RequestParam String phone) {
		    return messaging.send(to(phone).body("On its way").reference(id))
		        .map((message) -> message.sid());
		}
		// @formatter:on

	}

	record Blocking(BlockingMessagingOperations blocking) {

		// @formatter:off
		@PutMapping("/orders/{id}")
		String ship(@PathVariable String id, @RequestParam String phone) {
		    Message message = blocking.send(to(phone).body("On its way").reference(id));
		    return message.sid();
		}
		// @formatter:on

	}

	interface Orders {

		Mono<Void> mark(String reference, MessageStatus status, MessageError error);

	}

}

package com.example.orders.pages;

import java.net.URI;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.IncomingMessage;
import io.github.twiliospring.messaging.webhook.Reply;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import reactor.core.publisher.Mono;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

import static io.github.twiliospring.messaging.message.MessageStatus.DELIVERED;
import static io.github.twiliospring.messaging.message.MessageStatus.FAILED;
import static io.github.twiliospring.messaging.message.MessageStatus.UNDELIVERED;
import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static io.github.twiliospring.messaging.webhook.OptOutType.STOP;

/**
 * Code of the pages that is compiled and not run. {@link PagesTests} finds it here.
 */
class PagesCode {

	private final Orders orders = (reference, status, error) -> Mono.empty();

	private final Consents consents = (number) -> {
	};

	void scheduling(MessagingTemplate messaging, ZoneId zone, String sid) {
		// @formatter:off
		messaging.schedule(to("+15558675310").body("See you at 9"),
		        ZonedDateTime.now(zone).plusDays(1).with(LocalTime.of(8, 0)));
		messaging.cancel(sid);
		// @formatter:on
	}

	String blocking(BlockingMessagingOperations blocking, String phone, String id) {
		// @formatter:off
		try {
		    Message message = blocking.send(to(phone).body("On its way").reference(id));
		    return message.sid();
		}
		catch (MessageRejectedException ex) {
		    return "refused: " + ex.getCategory();
		}
		// @formatter:on
	}

	String settled(BlockingMessagingOperations blocking, String phone, String id) {
		// @formatter:off
		try {
		    return blocking.send(to(phone).body("On its way").reference(id)).sid();
		}
		catch (MessageNotSentException ex) {
		    return "send again later";                          // surely not sent, after three attempts
		}
		catch (MessageOutcomeUnknownException ex) {
		    Message found = blocking.reconcile(ex).message();   // looks, and never sends
		    return (found != null) ? found.sid() : "may be on its way";
		}
		// @formatter:on
	}

	MessagingTemplate subaccount(MessagingTemplate messaging, MessagingTemplateBuilder builder, String subaccountSid,
			String serviceSid) {
		messaging.forAccount(subaccountSid).send(to("+15558675310").from("+15005550006").body("Hi"));

		MessagingTemplate template = builder.subaccount(subaccountSid).messagingServiceSid(serviceSid).build();
		return template;
	}

	MessagingTemplate withoutBoot(String accountSid, String authToken) {
		MessagingTemplate messaging = MessagingTemplate.builder(accountSid, authToken).from("+15017122661").build();
		return messaging;
	}

	void replies(URI status, URI menu) {
		// @formatter:off
		Reply.media("The menu", menu)
		    .and(Reply.text("Your table is ready").to("+15558675311").from("+15017122661").statusCallback(status));
		Reply.text("One moment").and(Reply.redirect(URI.create("/menu")));
		// @formatter:on
	}

	@StatusCallback({ DELIVERED, UNDELIVERED, FAILED })
	Mono<Void> track(StatusUpdate update) {
		return orders.mark(update.reference(), update.status(), update.error());
	}

	@InboundMessage(keywords = "help")
	Reply help(IncomingMessage message) {
		return Reply.text("Call us");
	}

	@InboundMessage(optOut = STOP)
	void stopped(IncomingMessage message) {
		consents.withdraw(message.from());
	}

	interface Orders {

		Mono<Void> mark(String reference, MessageStatus status, MessageError error);

	}

	interface Consents {

		void withdraw(String number);

	}

	static class ServletController {

		private final BlockingMessagingOperations blocking;

		ServletController(BlockingMessagingOperations blocking) {
			this.blocking = blocking;
		}

		// @formatter:off
		@PostMapping("/messages/{phone}")
		String send(@PathVariable String phone) {
		    return blocking.send(to(phone).body("Your table is ready").reference("table-7")).sid() + "\n";
		}
		// @formatter:on

	}

	static class DurableController {

		private final MessagingOutbox outbox;

		DurableController(MessagingOutbox outbox) {
			this.outbox = outbox;
		}

		// @formatter:off
		@PostMapping("/messages/{phone}")
		Mono<String> send(@PathVariable String phone) {
		    return outbox.reactive().send("table-7", to(phone).body("Your table is ready"))
		        .map((entry) -> entry.state() + "\n");
		}
		// @formatter:on

	}

}

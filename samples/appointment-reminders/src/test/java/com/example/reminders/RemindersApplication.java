package com.example.reminders;

import java.time.Duration;
import java.time.Instant;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.IncomingMessage;
import io.github.twiliospring.messaging.webhook.Reply;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

@SpringBootApplication
@RestController
public class RemindersApplication {

	private static final Logger logger = LoggerFactory.getLogger(RemindersApplication.class);

	private final MessagingOperations messaging;

	RemindersApplication(MessagingOperations messaging) {
		this.messaging = messaging;
	}

	public static void main(String[] args) {
		SpringApplication.run(RemindersApplication.class, args);
	}

	@PostMapping("/messages/{phone}")
	Mono<String> send(@PathVariable String phone) {
		return messaging.send(to(phone).body("Your table is ready").reference("table-7"))
			.map((message) -> message.sid() + "\n");
	}

	@PostMapping("/reminders/{phone}")
	Mono<String> schedule(@PathVariable String phone) {
		return messaging
			.schedule(to(phone).body("See you tomorrow").reference("visit-8"), Instant.now().plus(Duration.ofHours(8)))
			.map((message) -> message.sid() + "\n");
	}

	@DeleteMapping("/reminders/{sid}")
	Mono<String> cancel(@PathVariable String sid) {
		return messaging.cancel(sid).map((message) -> message.status().value() + "\n");
	}

	@ExceptionHandler({ InvalidMessageException.class, MessageRejectedException.class })
	ProblemDetail refuse(MessagingException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, ex.getMessage());
	}

	@StatusCallback
	void track(StatusUpdate update) {
		logger.info("{} is {}", update.reference(), update.status().value());
	}

	@InboundMessage
	Reply answer(IncomingMessage message) {
		return Reply.text("You wrote: " + message.body());
	}

}

package com.example.reminders;

import java.time.Duration;
import java.time.Instant;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxKeyConflictException;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

// @formatter:off
@RestController
class Visits {

	private final MessagingOutbox outbox;

	Visits(MessagingOutbox outbox) {
		this.outbox = outbox;
	}

	@PostMapping("/visits/{id}/{phone}")
	String promise(@PathVariable String id, @PathVariable String phone) {
	    return outbox
	        .sendAt("visit-" + id, to(phone).body("See you tomorrow").reference("visit-" + id),
	                Instant.now().plus(Duration.ofDays(200)))
	        .state() + "\n";
	}

	@GetMapping("/visits/{id}")
	String state(@PathVariable String id) {
	    return outbox.find("visit-" + id).map((entry) -> entry.state() + "\n").orElse("nothing promised\n");
	}

	@DeleteMapping("/visits/{id}")
	String cancel(@PathVariable String id) {
	    return outbox.cancel("visit-" + id) ? "canceled\n" : "nothing to cancel\n";
	}

	@ExceptionHandler({ InvalidMessageException.class, OutboxKeyConflictException.class })
	ProblemDetail refuse(RuntimeException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, ex.getMessage());
	}

}
// @formatter:on

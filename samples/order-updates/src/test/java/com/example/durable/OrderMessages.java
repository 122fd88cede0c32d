package com.example.durable;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;

import org.springframework.modulith.events.FailedEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * Sends what is due, and none twice.
 */
@Component
class OrderMessages {

	private final BlockingMessagingOperations messaging;

	private final OutgoingMessages outgoing;

	private final FailedEventPublications publications;

	OrderMessages(BlockingMessagingOperations messaging, OutgoingMessages outgoing,
			FailedEventPublications publications) {
		this.messaging = messaging;
		this.outgoing = outgoing;
		this.publications = publications;
	}

	// @formatter:off
	@Async
	@TransactionalEventListener
	void send(OrderShipped event) {
	    if (!outgoing.begin(event.id())) {
	        return;
	    }
	    try {
	        messaging.send(to(event.customer()).body("On its way").reference(event.id()));
	        outgoing.sent(event.id());
	    }
	    catch (MessageOutcomeUnknownException ex) {
	        outgoing.unknown(event.id());
	    }
	    catch (InvalidMessageException ex) {
	        outgoing.rejected(event.id());
	    }
	    catch (MessageRejectedException ex) {
	        if (ex.getHttpStatus() == 429) {
	            outgoing.notSent(event.id());
	            throw ex;
	        }
	        outgoing.rejected(event.id());
	    }
	    catch (MessageNotSentException ex) {
	        outgoing.notSent(event.id());
	        throw ex;                              // so that the event is published again
	    }
	}

	@StatusCallback
	void settle(StatusUpdate update) {
	    if (update.reference() != null) {
	        outgoing.sent(update.reference());     // the update proves that the message exists
	    }
	}

	@Scheduled(fixedDelayString = "${outgoing.pause:1m}")
	void publishAgain() {
	    publications.resubmit(ResubmissionOptions.defaults());
	}
	// @formatter:on

}

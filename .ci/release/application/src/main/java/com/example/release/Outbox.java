package com.example.release;

import io.github.twiliospring.messaging.outbox.MessagingOutbox;

import org.springframework.stereotype.Component;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * Only where the outbox's starter is; elsewhere the rehearsal leaves this file out.
 */
@Component
class Outbox implements Sender {

	private final MessagingOutbox outbox;

	Outbox(MessagingOutbox outbox) {
		this.outbox = outbox;
	}

	@Override
	public void send(String reference) {
		this.outbox.send(reference, to("+15558675311").body("Hello").reference(reference));
	}

}

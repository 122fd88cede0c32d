package com.example.release;

import io.github.twiliospring.messaging.BlockingMessagingOperations;

import org.springframework.stereotype.Component;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

@Component
class Template implements Sender {

	private final BlockingMessagingOperations messaging;

	Template(BlockingMessagingOperations messaging) {
		this.messaging = messaging;
	}

	@Override
	public void send(String reference) {
		this.messaging.send(to("+15558675310").body("Hello").reference(reference));
	}

}

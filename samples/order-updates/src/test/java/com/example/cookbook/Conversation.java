package com.example.cookbook;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.twiliospring.messaging.webhook.InboundMessage;
import io.github.twiliospring.messaging.webhook.IncomingMessage;
import io.github.twiliospring.messaging.webhook.Reply;

import org.springframework.stereotype.Component;

// @formatter:off

@Component
class Conversation {

	private final Map<String, Integer> guests = new ConcurrentHashMap<>();

	@InboundMessage(keywords = "table")
	Reply begin(IncomingMessage message) {
		guests.put(message.from(), 0);
		return Reply.text("For how many?");
	}

	@InboundMessage(pattern = "[1-9]")
	Reply count(IncomingMessage message) {
		Integer before = guests.replace(message.from(), Integer.valueOf(message.body().strip()));
		return (before != null) ? Reply.text("A table for " + message.body().strip() + ". OK?") : help(message);
	}

	@InboundMessage(keywords = "ok")
	Reply confirm(IncomingMessage message) {
		Integer count = guests.remove(message.from());
		return (count != null) ? Reply.text("Booked for " + count + ". See you!") : help(message);
	}

	@InboundMessage
	Reply help(IncomingMessage message) {
		return Reply.text("Write TABLE to book one.");
	}

}

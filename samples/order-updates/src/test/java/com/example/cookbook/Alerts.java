package com.example.cookbook;

import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.message.OutboundMessage;

import org.springframework.stereotype.Component;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

// @formatter:off

@Component
class Alerts {

	// Each country hears from a number of its own; elsewhere, the configured sender.
	private static final Map<String, String> SENDERS = Map.of("+1", "+15017122661", "+44", "+447700900123");

	private final BlockingMessagingOperations messaging;

	Alerts(BlockingMessagingOperations messaging) {
		this.messaging = messaging;
	}

	/** Whoever couldn't be reached; the others aren't held up by them. */
	List<String> alert(List<String> team, String text) {
		List<OutboundMessage> messages = team.stream()
				.map((phone) -> to(phone).from(sender(phone)).body(text).build())
				.toList();
		return messaging.sendAll(messages).stream()
				.filter((result) -> !result.isSent())
				.map((result) -> result.request().to())
				.toList();
	}

	private static String sender(String phone) {
		return SENDERS.entrySet().stream()
				.filter((entry) -> phone.startsWith(entry.getKey()))
				.map(Map.Entry::getValue)
				.findFirst()
				.orElse(null);
	}

}

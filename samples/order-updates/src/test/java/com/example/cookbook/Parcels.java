package com.example.cookbook;

import java.util.Map;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.message.Message;

import org.springframework.stereotype.Component;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

// @formatter:off

@Component
class Parcels {

	// Approved by WhatsApp: "Hello {{1}}, your parcel comes on {{2}}."
	private static final String ARRIVES = "HX0123456789abcdef0123456789abcdef";

	private final BlockingMessagingOperations messaging;

	Parcels(BlockingMessagingOperations messaging) {
		this.messaging = messaging;
	}

	Message announce(String phone, String name, String day) {
		return messaging.send(to("whatsapp:" + phone)
				.from("whatsapp:+15017122661")
				.contentSid(ARRIVES)
				.contentVariables(Map.of("1", name, "2", day)));
	}

}

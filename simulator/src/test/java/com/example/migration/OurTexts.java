package com.example.migration;

import java.time.ZonedDateTime;
import java.util.List;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Message;

import static io.github.twiliospring.messaging.message.MessageQuery.query;
import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * By this library.
 */
class OurTexts implements Texts {

	private final BlockingMessagingOperations messaging;

	OurTexts(BlockingMessagingOperations messaging) {
		this.messaging = messaging;
	}

	// @formatter:off

	@Override
	public String send(String to, String from, String text) {
		return messaging.send(to(to).from(from).body(text))
				.sid();
	}

	@Override
	public String sendPicture(String to, String from, String text, String picture) {
		return messaging.send(to(to).from(from).body(text).mediaUrl(picture))
				.sid();
	}

	@Override
	public String schedule(String to, String service, String text, ZonedDateTime time) {
		return messaging.schedule(to(to).messagingServiceSid(service).body(text), time)
				.sid();
	}

	@Override
	public void cancel(String sid) {
		messaging.cancel(sid);
	}

	@Override
	public String status(String sid) {
		return messaging.fetch(sid).status().value();
	}

	@Override
	public List<String> sentTo(String to) {
		return messaging.list(query().to(to)).map(Message::body).toList();
	}

	@Override
	public void redact(String sid) {
		messaging.redact(sid);
	}

	@Override
	public void delete(String sid) {
		messaging.delete(sid);
	}

	@Override
	public void confirm(String sid) {
		messaging.feedback(sid, FeedbackOutcome.CONFIRMED);
	}

}

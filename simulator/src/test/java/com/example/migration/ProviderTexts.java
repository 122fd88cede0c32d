package com.example.migration;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.rest.api.v2010.account.message.Feedback;
import com.twilio.type.PhoneNumber;

/**
 * By the provider's library.
 */
class ProviderTexts implements Texts {

	private final TwilioRestClient client;

	ProviderTexts(TwilioRestClient client) {
		this.client = client;
	}

	// @formatter:off

	@Override
	public String send(String to, String from, String text) {
		return new MessageCreator(new PhoneNumber(to), new PhoneNumber(from), text)
				.create(client)
				.getSid();
	}

	@Override
	public String sendPicture(String to, String from, String text, String picture) {
		return new MessageCreator(new PhoneNumber(to), new PhoneNumber(from), text)
				.setMediaUrl(picture)
				.create(client)
				.getSid();
	}

	@Override
	public String schedule(String to, String service, String text, ZonedDateTime time) {
		return new MessageCreator(new PhoneNumber(to), service, text)
				.setScheduleType(Message.ScheduleType.FIXED)
				.setSendAt(time)
				.create(client)
				.getSid();
	}

	@Override
	public void cancel(String sid) {
		Message.updater(sid).setStatus(Message.UpdateStatus.CANCELED).update(client);
	}

	@Override
	public String status(String sid) {
		return Message.fetcher(sid).fetch(client).getStatus().toString();
	}

	@Override
	public List<String> sentTo(String to) {
		List<String> texts = new ArrayList<>();
		for (Message message : Message.reader().setTo(new PhoneNumber(to)).read(client)) {
			texts.add(message.getBody());
		}
		return texts;
	}

	@Override
	public void redact(String sid) {
		Message.updater(sid).setBody("").update(client);
	}

	@Override
	public void delete(String sid) {
		Message.deleter(sid).delete(client);
	}

	@Override
	public void confirm(String sid) {
		Feedback.creator(sid).setOutcome(Feedback.Outcome.CONFIRMED).create(client);
	}

}

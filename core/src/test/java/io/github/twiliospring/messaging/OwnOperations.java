package io.github.twiliospring.messaging;

import java.util.Set;

import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * What an application may put around a template.
 */
class OwnOperations implements MessagingOperations {

	private final MessagingOperations delegate;

	OwnOperations(MessagingOperations delegate) {
		this.delegate = delegate;
	}

	@Override
	public Mono<Message> send(OutboundMessage message) {
		return this.delegate.send(message);
	}

	@Override
	public Mono<Message> sendOnce(OutboundMessage message, String sendId) {
		return this.delegate.sendOnce(message, sendId);
	}

	@Override
	public Flux<SendResult> sendAll(Publisher<OutboundMessage> messages) {
		return this.delegate.sendAll(messages);
	}

	@Override
	public Mono<Message> fetch(String sid) {
		return this.delegate.fetch(sid);
	}

	@Override
	public Flux<Message> list(MessageQuery query) {
		return this.delegate.list(query);
	}

	@Override
	public Mono<Message> cancel(String sid) {
		return this.delegate.cancel(sid);
	}

	@Override
	public Mono<Message> redact(String sid) {
		return this.delegate.redact(sid);
	}

	@Override
	public Mono<Void> delete(String sid) {
		return this.delegate.delete(sid);
	}

	@Override
	public Mono<Reconciliation> reconcile(MessageOutcomeUnknownException unknown) {
		return this.delegate.reconcile(unknown);
	}

	@Override
	public Mono<Reconciliation> reconcile(SendAttempt attempt, Set<String> others) {
		return this.delegate.reconcile(attempt, others);
	}

	@Override
	public Flux<Media> listMedia(String messageSid) {
		return this.delegate.listMedia(messageSid);
	}

	@Override
	public Mono<Media> fetchMedia(String messageSid, String mediaSid) {
		return this.delegate.fetchMedia(messageSid, mediaSid);
	}

	@Override
	public Flux<DataBuffer> mediaContent(String messageSid, String mediaSid) {
		return this.delegate.mediaContent(messageSid, mediaSid);
	}

	@Override
	public Mono<Void> deleteMedia(String messageSid, String mediaSid) {
		return this.delegate.deleteMedia(messageSid, mediaSid);
	}

	@Override
	public Mono<Void> feedback(String messageSid, FeedbackOutcome outcome) {
		return this.delegate.feedback(messageSid, outcome);
	}

	@Override
	public MessagingOperations forAccount(String accountSid) {
		return this.delegate.forAccount(accountSid);
	}

}

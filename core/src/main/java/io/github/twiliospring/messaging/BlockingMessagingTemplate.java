package io.github.twiliospring.messaging;

import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.util.Assert;

/**
 * Waits for {@link MessagingOperations}, which do everything. Thread-safe.
 */
final class BlockingMessagingTemplate implements BlockingMessagingOperations {

	private static final String INTERRUPTED = "the caller was interrupted before the answer came";

	// Time for what an application puts around its operations; these end at once.
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final Waiter.GivingUp READING = new Waiter.GivingUp(Duration.ZERO,
			(cause) -> new MessagingUnavailableException(INTERRUPTED, null, cause));

	private final MessagingOperations messaging;

	private final Clock clock;

	/**
	 * Waits for operations.
	 * @param clock what dates the sends that are given up
	 */
	BlockingMessagingTemplate(MessagingOperations messaging, Clock clock) {
		this.messaging = messaging;
		this.clock = clock;
	}

	@Override
	public Message send(String to, String body) {
		return send("send", () -> this.messaging.send(to, body), OutboundMessage.to(to).body(body).build(), null);
	}

	@Override
	public Message send(OutboundMessage message) {
		return send("send", () -> this.messaging.send(message), message, null);
	}

	@Override
	public Message send(OutboundMessageBuilder message) {
		return send(Given.message(message));
	}

	@Override
	public Message sendOnce(OutboundMessage message, String sendId) {
		return send("sendOnce", () -> this.messaging.sendOnce(message, sendId), message, sendId);
	}

	@Override
	public Message schedule(OutboundMessage message, @Nullable Instant when) {
		return send("schedule", () -> this.messaging.schedule(message, when), message, null);
	}

	@Override
	public Message schedule(OutboundMessage message, @Nullable ZonedDateTime when) {
		return send("schedule", () -> this.messaging.schedule(message, when), message, null);
	}

	@Override
	public Message schedule(OutboundMessageBuilder message, @Nullable Instant when) {
		return schedule(Given.message(message), when);
	}

	@Override
	public Message schedule(OutboundMessageBuilder message, @Nullable ZonedDateTime when) {
		return schedule(Given.message(message), when);
	}

	@Override
	public List<SendResult> sendAll(Iterable<OutboundMessage> messages) {
		EventLoops.refuse("sendAll");
		return new SendResults(Given.present("messages", messages), this.clock).await(this.messaging, changing(null));
	}

	@Override
	public Message fetch(String sid) {
		return value("fetch", () -> this.messaging.fetch(sid), READING);
	}

	@Override
	public Stream<Message> list(MessageQuery query) {
		EventLoops.refuse("list");
		return stream("list", Given.returned("list", this.messaging.list(query)));
	}

	@Override
	public Message cancel(String sid) {
		return value("cancel", () -> this.messaging.cancel(sid), changing(null));
	}

	@Override
	public Message redact(String sid) {
		return value("redact", () -> this.messaging.redact(sid), changing(null));
	}

	@Override
	public void delete(String sid) {
		await("delete", () -> this.messaging.delete(sid), changing(null));
	}

	@Override
	public Reconciliation reconcile(MessageOutcomeUnknownException unknown) {
		return value("reconcile", () -> this.messaging.reconcile(unknown), READING);
	}

	@Override
	public Reconciliation reconcile(SendAttempt attempt, Set<String> others) {
		return value("reconcile", () -> this.messaging.reconcile(attempt, others), READING);
	}

	@Override
	public List<Media> listMedia(String messageSid) {
		return value("listMedia",
				() -> Given.returned("listMedia", this.messaging.listMedia(messageSid)).collectList().map(List::copyOf),
				READING);
	}

	@Override
	public Media fetchMedia(String messageSid, String mediaSid) {
		return value("fetchMedia", () -> this.messaging.fetchMedia(messageSid, mediaSid), READING);
	}

	@Override
	public InputStream mediaContent(String messageSid, String mediaSid) {
		EventLoops.refuse("mediaContent");
		return MediumInputStream
			.open(new Waiter<>(Given.returned("mediaContent", this.messaging.mediaContent(messageSid, mediaSid)),
					DataBufferUtils::release, READING));
	}

	@Override
	public void deleteMedia(String messageSid, String mediaSid) {
		await("deleteMedia", () -> this.messaging.deleteMedia(messageSid, mediaSid), changing(null));
	}

	@Override
	public void feedback(String messageSid, FeedbackOutcome outcome) {
		await("feedback", () -> this.messaging.feedback(messageSid, outcome), changing(null));
	}

	@Override
	public BlockingMessagingOperations forAccount(String accountSid) {
		return BlockingMessagingOperations.of(Given.returned("forAccount", this.messaging.forAccount(accountSid)));
	}

	private Message send(String method, Supplier<Mono<Message>> call, @Nullable OutboundMessage message,
			@Nullable String sendId) {
		return value(method, call, changing(new SendAttempt(Given.message(message), sendId, this.clock.instant())));
	}

	private Waiter.GivingUp changing(@Nullable SendAttempt send) {
		Instant startedAt = (send != null) ? send.attemptedAt() : this.clock.instant();
		return new Waiter.GivingUp(PATIENCE,
				(cause) -> new MessageOutcomeUnknownException(INTERRUPTED, startedAt, send, null, cause));
	}

	private static <T> T value(String method, Supplier<Mono<T>> call, Waiter.GivingUp givingUp) {
		T value = await(method, call, givingUp);
		Assert.state(value != null, () -> "MessagingOperations." + method + " brought nothing");
		return value;
	}

	private static <T> @Nullable T await(String method, Supplier<Mono<T>> call, Waiter.GivingUp givingUp) {
		EventLoops.refuse(method);
		return new Waiter<>(Given.returned(method, call.get()), (late) -> {
		}, givingUp).next();
	}

	private static <T> Stream<T> stream(String method, Publisher<T> elements) {
		Waiter<T> waiter = new Waiter<>(elements, (late) -> {
		}, READING);
		return StreamSupport
			.stream(new Spliterators.AbstractSpliterator<T>(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {

				// A part for another thread would ask for pages that nobody takes.
				@Override
				public @Nullable Spliterator<T> trySplit() {
					return null;
				}

				@Override
				public boolean tryAdvance(Consumer<? super T> action) {
					EventLoops.refuse(method);
					T element = waiter.next();
					if (element != null) {
						action.accept(element);
					}
					return element != null;
				}

			}, false)
			.onClose(waiter::close);
	}

}

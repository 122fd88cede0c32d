package io.github.twiliospring.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.SendAttempt;
import io.github.twiliospring.messaging.message.SidKind;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * The operations over HTTP. Thread-safe; results arrive on the connector's threads. Each
 * operation is observed here, once and whole, and a change whose answer was lost is
 * settled here by looking.
 */
public final class MessagingTemplate implements MessagingOperations {

	private static final int NOT_FOUND = 404;

	private final Calls calls;

	private final ApiPaths paths;

	private final OutboundMessageCompleter completer;

	private final OperationObserver observer;

	private final ApiClock apiClock;

	private final int concurrency;

	MessagingTemplate(Calls calls, ApiPaths paths, OutboundMessageCompleter completer, OperationObserver observer,
			ApiClock apiClock, int concurrency) {
		this.calls = calls;
		this.paths = paths;
		this.completer = completer;
		this.observer = observer;
		this.apiClock = apiClock;
		this.concurrency = concurrency;
	}

	/**
	 * Starts a template that calls with an auth token.
	 * @param accountSid the account, {@code AC…}
	 * @param authToken its auth token
	 * @return the builder
	 * @throws IllegalArgumentException if the SID has another shape
	 */
	public static MessagingTemplateBuilder builder(String accountSid, String authToken) {
		MessagingTemplateBuilder.check("account SID", SidKind.ACCOUNT, accountSid);
		ApiCredentials credentials = ApiCredentials.ofAuthToken(accountSid, authToken);
		return builder(() -> credentials);
	}

	/**
	 * Starts a template that calls with credentials which may change while it's used.
	 * @param credentials gives the credentials: asked once when the template is built,
	 * and then at each attempt, on the subscriber's thread or a timer's, and so it
	 * mustn't block
	 * @return the builder
	 */
	public static MessagingTemplateBuilder builder(Supplier<ApiCredentials> credentials) {
		return new MessagingTemplateBuilder(credentials);
	}

	@Override
	public Mono<Message> send(OutboundMessage message) {
		return send(message, null, this.calls);
	}

	@Override
	public Mono<Message> sendOnce(OutboundMessage message, String sendId) {
		return send(message, (sendId != null) ? sendId : "", this.calls.once());
	}

	private Mono<Message> send(@Nullable OutboundMessage message, @Nullable String sendId, Calls calls) {
		OutboundMessage given = Given.message(message);
		return this.observer.observe(Operation.CREATE, given.channel(), Mono.defer(() -> {
			SendAttempt send = this.completer.complete(given, sendId);
			Question question = new Question(this.paths.accountSid(), null, null);
			ApiCall<Message> call = ApiCall.post(Operation.CREATE, this.paths.messages(),
					FormEncoder.create(send.message()),
					(body, attempt) -> question.sent(body, send.message(), attempt));
			return calls.run(call, calls.deadline(), send);
		}));
	}

	@Override
	public Flux<SendResult> sendAll(Publisher<OutboundMessage> messages) {
		return Flux.defer(() -> Flux.from(Given.present("messages", messages)))
			// A source that fails doesn't cut off the sends that are on their way.
			.flatMapDelayError(
					(message) -> send(message).map((sent) -> new SendResult(message, sent, null))
						.onErrorResume((failure) -> Mono.just(new SendResult(message, null, typed(message, failure)))),
					this.concurrency, 1);
	}

	// An exception of the application's own convention or handler proves nothing.
	private MessagingException typed(OutboundMessage message, Throwable failure) {
		if (failure instanceof MessagingException known) {
			return known;
		}
		Instant now = this.completer.clock().instant();
		return new MessageOutcomeUnknownException(failure.getClass().getSimpleName(), now,
				new SendAttempt(message, null, now), null, failure);
	}

	@Override
	public Mono<Message> fetch(String sid) {
		return observed(Operation.FETCH, () -> this.calls.run(fetchCall("Sid", sid)));
	}

	@Override
	public Flux<Message> list(MessageQuery query) {
		return pages(Operation.LIST,
				new Elements<>("messages", null, (query != null) ? query.to() : null, ResourceReader::message), () -> {
					MessageQuery given = Given.present("query", query);
					if (!given.faults().isEmpty()) {
						throw new InvalidMessageException(given.faults(), null);
					}
					return this.paths.messages(given);
				});
	}

	@Override
	public Mono<Message> cancel(String sid) {
		return update(Operation.CANCEL, sid, FormEncoder.single("Status", MessageStatus.CANCELED.value()),
				(message) -> message.status() == MessageStatus.CANCELED);
	}

	@Override
	public Mono<Message> redact(String sid) {
		return update(Operation.REDACT, sid, FormEncoder.single("Body", ""),
				(message) -> message.body() != null && message.body().isEmpty());
	}

	@Override
	public Mono<Void> delete(String sid) {
		return observed(Operation.DELETE, () -> {
			ApiCall<Message> fetch = fetchCall("Sid", sid);
			return settled(
					ApiCall.delete(Operation.DELETE, fetch.target(), new Question(this.paths.accountSid(), sid, null)),
					(failure, rest) -> absent(this.calls.run(fetch, rest, null), failure));
		}).then();
	}

	@Override
	public Mono<Reconciliation> reconcile(MessageOutcomeUnknownException unknown) {
		return Mono.defer(() -> {
			SendAttempt attempt = Given.present("unknown", unknown).getSendAttempt();
			return (attempt != null) ? reconcile(attempt, Set.of()) : Mono.just(new Reconciliation(null, 0));
		});
	}

	@Override
	public Mono<Reconciliation> reconcile(SendAttempt attempt, Set<String> others) {
		return Mono.defer(() -> {
			SendAttempt given = Given.present("attempt", attempt);
			SendAttempt sought = new SendAttempt(this.completer.withSender(given.message()).build(), given.sendId(),
					given.attemptedAt());
			return new MessageReconciler(list(MessageQuery.query().to(given.message().to())), sought,
					Given.present("others", others), this.apiClock)
				.reconcile();
		});
	}

	@Override
	public Flux<Media> listMedia(String messageSid) {
		return pages(Operation.LIST_MEDIA, new Elements<>("media_list", messageSid, null, ResourceReader::media),
				() -> this.paths.media(Given.sid("MessageSid", SidKind.MESSAGE, messageSid)));
	}

	@Override
	public Mono<Media> fetchMedia(String messageSid, String mediaSid) {
		return observed(Operation.FETCH_MEDIA, () -> this.calls.run(mediumCall(messageSid, mediaSid)));
	}

	@Override
	public Flux<DataBuffer> mediaContent(String messageSid, String mediaSid) {
		return this.observer.observe(Operation.MEDIA_CONTENT, Flux
			.defer(() -> this.calls.content(this.paths.content(Given.sid("MessageSid", SidKind.MESSAGE, messageSid),
					Given.sid("MediaSid", SidKind.MEDIUM, mediaSid)), this.paths)));
	}

	@Override
	public Mono<Void> deleteMedia(String messageSid, String mediaSid) {
		return observed(Operation.DELETE_MEDIA, () -> {
			ApiCall<Media> fetch = mediumCall(messageSid, mediaSid);
			return settled(
					ApiCall.delete(Operation.DELETE_MEDIA, fetch.target(),
							new Question(this.paths.accountSid(), messageSid, mediaSid)),
					(failure, rest) -> absent(this.calls.run(fetch, rest, null), failure));
		}).then();
	}

	@Override
	public Mono<Void> feedback(String messageSid, FeedbackOutcome outcome) {
		return observed(Operation.FEEDBACK, () -> {
			String sid = Given.sid("MessageSid", SidKind.MESSAGE, messageSid);
			Question question = new Question(this.paths.accountSid(), sid, null);
			return this.calls.run(ApiCall.post(Operation.FEEDBACK, this.paths.feedback(sid),
					FormEncoder.single("Outcome", Given.present("Outcome", outcome).value()),
					(body, attempt) -> question.done(body)));
		}).then();
	}

	@Override
	public MessagingTemplate forAccount(String accountSid) {
		MessagingTemplateBuilder.check("account SID", SidKind.ACCOUNT, accountSid);
		return new MessagingTemplate(this.calls, this.paths.forAccount(accountSid), this.completer, this.observer,
				this.apiClock, this.concurrency);
	}

	/**
	 * The longest that a call may take, all attempts and pauses together. Whoever stops
	 * an application waits longer than that for what is being sent.
	 * @return what {@link MessagingTemplateBuilder#deadline} was given
	 */
	public Duration deadline() {
		return this.calls.longest();
	}

	@Override
	public BlockingMessagingOperations blocking() {
		return new BlockingMessagingTemplate(this, this.completer.clock());
	}

	private ApiCall<Message> fetchCall(String field, String sid) {
		String given = Given.sid(field, SidKind.MESSAGE, sid);
		Question question = new Question(this.paths.accountSid(), given, null);
		return ApiCall.get(Operation.FETCH, this.paths.message(given), (body, attempt) -> question.message(body));
	}

	private ApiCall<Media> mediumCall(String messageSid, String mediaSid) {
		String message = Given.sid("MessageSid", SidKind.MESSAGE, messageSid);
		String medium = Given.sid("MediaSid", SidKind.MEDIUM, mediaSid);
		Question question = new Question(this.paths.accountSid(), message, medium);
		return ApiCall.get(Operation.FETCH_MEDIA, this.paths.medium(message, medium),
				(body, attempt) -> question.medium(body));
	}

	private <T> Mono<T> observed(Operation operation, Supplier<Mono<T>> call) {
		return this.observer.observe(operation, Mono.defer(call));
	}

	private Mono<Message> update(Operation operation, String sid, byte[] form, Predicate<Message> hasHappened) {
		return observed(operation, () -> {
			ApiCall<Message> fetch = fetchCall("Sid", sid);
			return settled(ApiCall.post(operation, fetch.target(), form, fetch.reader()),
					(failure, rest) -> this.calls.run(fetch, rest, null)
						.flatMap((message) -> hasHappened.test(message) ? Mono.just(message)
								: Mono.<Message>error(refusal(failure))));
		});
	}

	/**
	 * Runs a change. Where its answer was lost, what really happened is looked for in the
	 * time that's left, of which a quarter was kept.
	 */
	private <T> Mono<T> settled(ApiCall<T> call, Settlement<T> settlement) {
		Deadline whole = this.calls.deadline();
		return this.calls.run(call, whole.mostOf(), null)
			.onErrorResume(MessageOutcomeUnknownException.class,
					(failure) -> Mono.defer(() -> settlement.settle(failure, whole.rest()))
						.onErrorMap((found) -> found != failure && found != refusal(failure), (found) -> failure));
	}

	// A definite no that came after a lost answer, and now proved to be one.
	private static MessagingException refusal(MessageOutcomeUnknownException failure) {
		return (failure.getCause() instanceof MessageRejectedException rejected) ? rejected : failure;
	}

	// A query that can't be asked is observed as the first page would be.
	private <T> Flux<T> pages(Operation operation, Elements<T> elements, Supplier<ApiPaths.Target> first) {
		return Flux.defer(() -> {
			Question question = new Question(this.paths.accountSid(), elements.messageSid(), null);
			try {
				return new PageCursor<>((call) -> this.observer.observe(operation, this.calls.run(call)),
						elements.key(), elements.reader())
					.read(ApiCall.get(operation, first.get(),
							(body, attempt) -> question.page(body, elements.key(), elements.recipient())));
			}
			catch (InvalidMessageException ex) {
				return this.observer.<T>observe(operation, Mono.error(ex)).flux();
			}
		});
	}

	/**
	 * Whether a resource is gone after a delete whose answer was lost.
	 */
	private static Mono<Boolean> absent(Mono<?> fetch, MessagingException failure) {
		return fetch.map((present) -> Boolean.FALSE)
			.onErrorResume(MessageRejectedException.class,
					(ex) -> (ex.getHttpStatus() == NOT_FOUND) ? Mono.just(Boolean.TRUE) : Mono.error(ex))
			.flatMap((absent) -> absent ? Mono.just(Boolean.TRUE) : Mono.error(failure));
	}

	/**
	 * Finds out what became of a change.
	 */
	private interface Settlement<T> {

		/**
		 * Looks.
		 * @param failure the failure that the caller would get
		 * @param rest the time for it
		 * @return what really happened, or the failure
		 */
		Mono<T> settle(MessageOutcomeUnknownException failure, Deadline rest);

	}

	/**
	 * The elements of a list.
	 *
	 * @param key their name in a page
	 * @param messageSid the message that they belong to, or {@code null}
	 * @param recipient the recipient that they have, or {@code null}
	 * @param reader reads one
	 */
	private record Elements<T>(String key, @Nullable String messageSid, @Nullable String recipient,
			Function<JsonNode, T> reader) {

	}

}

package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.client.ApiCall;
import io.github.twiliospring.messaging.client.ExchangeExecutor;
import io.github.twiliospring.messaging.client.FormEncoder;
import io.github.twiliospring.messaging.client.Operation;
import io.github.twiliospring.messaging.client.ResourceReader;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.Channels;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageFault;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.OutboundMessage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;

/**
 * The operations over HTTP. Thread-safe; results arrive on the connector's threads.
 */
public final class MessagingTemplate implements MessagingOperations {

	private static final String MESSAGES = "/Messages.json";

	private static final String MESSAGE = "/Messages/{Sid}.json";

	private static final String MEDIUM = "/Messages/{Sid}/Media/{MediaSid}.json";

	private static final Function<byte[], Boolean> DONE = (body) -> Boolean.TRUE;

	private static final int NOT_FOUND = 404;

	private final ExchangeExecutor executor;

	private final MessagingSettings settings;

	private final Clock clock;

	private final OutboundMessageCompleter completer;

	/**
	 * Makes a template.
	 * @param executor what runs the calls
	 * @param settings what holds for every message
	 * @param clock what the limits of scheduled messages are measured on
	 */
	public MessagingTemplate(ExchangeExecutor executor, MessagingSettings settings, Clock clock) {
		this.executor = executor;
		this.settings = settings;
		this.clock = clock;
		this.completer = new OutboundMessageCompleter(settings, clock);
	}

	@Override
	public Mono<Message> send(OutboundMessage message) {
		OutboundMessage given = Given.message(message);
		return this.executor.observe(Operation.CREATE, Channels.of(given.to()), Mono.defer(() -> {
			OutboundMessageCompleter.Completed completed = this.completer.complete(given);
			byte[] form = encode(completed.message());
			return this.executor.execute(
					ApiCall.post(Operation.CREATE, MESSAGES, Map.of(), form, ResourceReader::message),
					completed.message(), completed.sendId());
		}));
	}

	@Override
	public Flux<SendResult> sendAll(Publisher<OutboundMessage> messages) {
		return Flux.defer(() -> Flux.from(Given.present("messages", messages)))
			// A source that fails doesn't cut off the sends that are on their way.
			.flatMapDelayError(
					(message) -> send(message).map((sent) -> new SendResult(message, sent, null))
						.onErrorResume((failure) -> Mono.just(new SendResult(message, null, typed(message, failure)))),
					this.settings.concurrency(), 1);
	}

	// An exception of the application's own filter, convention or handler proves nothing.
	private MessagingException typed(OutboundMessage message, Throwable failure) {
		return (failure instanceof MessagingException known) ? known
				: new MessageOutcomeUnknownException(failure.getClass().getSimpleName(),
						new MessageOutcomeUnknownException.Send(message, null, this.clock.instant()), null, failure);
	}

	@Override
	public Mono<Message> fetch(String sid) {
		return execute(Operation.FETCH, () -> ApiCall.of(Operation.FETCH, HttpMethod.GET, MESSAGE, message("Sid", sid),
				ResourceReader::message));
	}

	@Override
	public Flux<Message> list(MessageQuery query) {
		return pages(Operation.LIST, "messages", ResourceReader::message, () -> {
			ListPath path = ListPath.of(Given.present("query", query));
			return ApiCall.of(Operation.LIST, HttpMethod.GET, path.template(), path.variables(), ResourceReader::tree);
		});
	}

	@Override
	public Mono<Message> cancel(String sid) {
		return update(sid, Operation.CANCEL, FormEncoder.single("Status", MessageStatus.CANCELED.value()),
				(message) -> message.status() == MessageStatus.CANCELED);
	}

	@Override
	public Mono<Message> redact(String sid) {
		return update(sid, Operation.REDACT, FormEncoder.single("Body", ""),
				(message) -> message.body() != null && message.body().isEmpty());
	}

	@Override
	public Mono<Void> delete(String sid) {
		return execute(Operation.DELETE,
				() -> ApiCall.of(Operation.DELETE, HttpMethod.DELETE, MESSAGE, message("Sid", sid), DONE)
					.settledBy((failure) -> absent(fetch(sid), failure)))
			.then();
	}

	@Override
	public Mono<Reconciliation> reconcile(MessageOutcomeUnknownException unknown) {
		return Mono.defer(() -> new MessageReconciler(this).reconcile(Given.present("unknown", unknown)));
	}

	@Override
	public Flux<Media> listMedia(String messageSid) {
		return pages(Operation.LIST_MEDIA, "media_list", ResourceReader::media, () -> ApiCall.of(Operation.LIST_MEDIA,
				HttpMethod.GET, "/Messages/{Sid}/Media.json", message("MessageSid", messageSid), ResourceReader::tree));
	}

	@Override
	public Mono<Media> fetchMedia(String messageSid, String mediaSid) {
		return execute(Operation.FETCH_MEDIA, () -> ApiCall.of(Operation.FETCH_MEDIA, HttpMethod.GET, MEDIUM,
				medium(messageSid, mediaSid), (body) -> ResourceReader.media(ResourceReader.tree(body))));
	}

	@Override
	public Flux<DataBuffer> mediaContent(String messageSid, String mediaSid) {
		return this.executor.observe(Operation.MEDIA_CONTENT, Flux
			.defer(() -> this.executor.content("/Messages/{Sid}/Media/{MediaSid}", medium(messageSid, mediaSid))));
	}

	@Override
	public Mono<Void> deleteMedia(String messageSid, String mediaSid) {
		return execute(Operation.DELETE_MEDIA,
				() -> ApiCall.of(Operation.DELETE_MEDIA, HttpMethod.DELETE, MEDIUM, medium(messageSid, mediaSid), DONE)
					.settledBy((failure) -> absent(fetchMedia(messageSid, mediaSid), failure)))
			.then();
	}

	@Override
	public Mono<Void> feedback(String messageSid, FeedbackOutcome outcome) {
		return execute(Operation.FEEDBACK,
				() -> ApiCall.post(Operation.FEEDBACK, "/Messages/{Sid}/Feedback.json",
						message("MessageSid", messageSid),
						FormEncoder.single("Outcome", Given.present("Outcome", outcome).value()), DONE))
			.then();
	}

	@Override
	public MessagingTemplate forAccount(String accountSid) {
		if (!SidKind.ACCOUNT.matches(accountSid)) {
			throw new IllegalArgumentException("The account SID " + SidKind.ACCOUNT.problem(accountSid));
		}
		return new MessagingTemplate(this.executor.forAccount(accountSid), this.settings, this.clock);
	}

	private static byte[] encode(OutboundMessage message) {
		try {
			return FormEncoder.create(message);
		}
		catch (RuntimeException ex) {
			// The writer's message may quote a value.
			throw new InvalidMessageException(List.of(new MessageFault("ContentVariables", "can't be written as JSON")),
					message.reference());
		}
	}

	private Mono<Message> update(String sid, Operation operation, byte[] form, Function<Message, Boolean> hasHappened) {
		return execute(operation, () -> ApiCall
			.post(operation, MESSAGE, message("Sid", sid), form, ResourceReader::message)
			.settledBy((failure) -> fetch(sid)
				.flatMap((message) -> hasHappened.apply(message) ? Mono.just(message) : Mono.<Message>error(failure))));
	}

	private <T> Mono<T> execute(Operation operation, Supplier<ApiCall<T>> call) {
		return this.executor.observe(operation, "none",
				Mono.defer(() -> this.executor.execute(call.get(), null, null)));
	}

	// A query that can't be asked is observed as the first page would be.
	private <T> Flux<T> pages(Operation operation, String key, Function<JsonNode, T> reader,
			Supplier<ApiCall<JsonNode>> first) {
		return Flux.defer(() -> {
			try {
				return new PageCursor<>(this.executor, key, reader).read(first.get());
			}
			catch (InvalidMessageException ex) {
				return this.executor.<T>observe(operation, "none", Mono.error(ex)).flux();
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

	private static Map<String, String> message(String field, String sid) {
		return Map.of("Sid", SidKind.MESSAGE.check(field, sid));
	}

	private static Map<String, String> medium(String messageSid, String mediaSid) {
		return Map.of("Sid", SidKind.MESSAGE.check("MessageSid", messageSid), "MediaSid",
				SidKind.MEDIUM.check("MediaSid", mediaSid));
	}

	/**
	 * The path of a list with its filters.
	 */
	private record ListPath(String template, Map<String, Object> variables) {

		static ListPath of(MessageQuery query) {
			if (!query.faults().isEmpty()) {
				throw new InvalidMessageException(query.faults(), null);
			}
			Map<String, Object> variables = new LinkedHashMap<>();
			StringBuilder template = new StringBuilder(MESSAGES).append("?PageSize={PageSize}");
			variables.put("PageSize", query.pageSize());
			add(template, variables, "To", query.to());
			add(template, variables, "From", query.from());
			add(template, variables, "DateSent", query.sentOn());
			add(template, variables, "DateSent>", wholeSeconds(query.sentSince(), Duration.ZERO));
			add(template, variables, "DateSent<", wholeSeconds(query.sentUntil(), Duration.ofNanos(999_999_999)));
			return new ListPath(template.toString(), variables);
		}

		// The API's dates have whole seconds; rounded so that nothing falls out.
		private static @Nullable Instant wholeSeconds(@Nullable Instant instant, Duration rounding) {
			return (instant != null) ? instant.plus(rounding).truncatedTo(ChronoUnit.SECONDS) : null;
		}

		private static void add(StringBuilder template, Map<String, Object> variables, String name,
				@Nullable Object value) {
			if (value != null) {
				String variable = name.replace('>', '+').replace('<', '-');
				template.append('&').append(name).append("={").append(variable).append('}');
				variables.put(variable, value);
			}
		}

	}

}

package io.github.twiliospring.messaging.client;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException.Send;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.observation.MessagingObservations;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;

/**
 * Runs a call to its end: attempts, the pauses between them, one deadline over all. A
 * create is repeated only if an attempt surely wasn't processed: it was never handed to a
 * connection, or answered with 429. Thread-safe; no thread waits.
 */
public final class ExchangeExecutor {

	private final ApiClient client;

	private final ExchangePolicy policy;

	private final MessagingObservations observations;

	/**
	 * Runs calls of a client.
	 * @param client what makes the attempts
	 * @param policy what rules them
	 * @param observations what observes them
	 */
	public ExchangeExecutor(ApiClient client, ExchangePolicy policy, MessagingObservations observations) {
		this.client = client;
		this.policy = policy;
		this.observations = observations;
	}

	/**
	 * The same for another account; the retry budget is shared.
	 * @param accountSid the account in the path
	 * @return the executor
	 */
	public ExchangeExecutor forAccount(String accountSid) {
		return new ExchangeExecutor(this.client.forAccount(accountSid), this.policy, this.observations);
	}

	/**
	 * The account in the path.
	 * @return its SID
	 */
	public String accountSid() {
		return this.client.accountSid();
	}

	/**
	 * Observes what belongs to one operation.
	 * @param <T> the operation's result
	 * @param operation what is asked
	 * @param channel where a message goes, lower case, or {@code none}
	 * @param call the operation
	 * @return the operation, observed
	 */
	public <T> Mono<T> observe(Operation operation, String channel, Mono<T> call) {
		return this.observations.observe(operation.name().toLowerCase(Locale.ROOT), channel, call);
	}

	/**
	 * Reads bytes of a medium as they arrive; see {@link MediaContent}. Attempts and
	 * deadline hold until the answer's headers are there.
	 * @param path the path below the account, a URI template
	 * @param variables the template's variables
	 * @return buffers that the subscriber has to release, or a {@link MessagingException}
	 */
	public Flux<DataBuffer> content(String path, Map<String, String> variables) {
		return Flux.defer(() -> {
			OpenedContent opened = new OpenedContent();
			ApiCall<OpenedContent> call = ApiCall.of(Operation.MEDIA_CONTENT, HttpMethod.GET, path, variables,
					(body) -> opened);
			return execution((gate) -> this.client.open(call, gate).map((outcome) -> outcome.map(opened::keep)), call,
					null, null)
				.flatMapMany(OpenedContent::read)
				.doFinally((signal) -> opened.close());
		});
	}

	/**
	 * Observes what brings many results, from the subscription to the last of them.
	 * @param <T> a result
	 * @param operation what is asked
	 * @param call the operation
	 * @return the operation, observed
	 */
	public <T> Flux<T> observe(Operation operation, Flux<T> call) {
		return this.observations.observe(operation.name().toLowerCase(Locale.ROOT), "none", call);
	}

	/**
	 * Runs and observes a call that is no send.
	 * @param <T> what a successful answer is read as
	 * @param call the call
	 * @return the answer, or a {@link MessagingException}; canceling it stops the call
	 */
	public <T> Mono<T> execute(ApiCall<T> call) {
		return observe(call.operation(), "none", execute(call, null, null));
	}

	/**
	 * Runs a call.
	 * @param <T> what a successful answer is read as
	 * @param call the call
	 * @param message the message that is sent, or {@code null}
	 * @param sendId the random id of this send, or {@code null}
	 * @return the answer, or a {@link MessagingException}; canceling it stops the call
	 */
	public <T> Mono<T> execute(ApiCall<T> call, @Nullable OutboundMessage message, @Nullable String sendId) {
		return execution((gate) -> this.client.attempt(call, gate), call, message, sendId);
	}

	private <T> Mono<T> execution(Function<AttemptGate, Mono<Outcome<T>>> exchange, ApiCall<T> call,
			@Nullable OutboundMessage message, @Nullable String sendId) {
		return Mono.defer(() -> {
			Send send = new Send(message, sendId, this.policy.clock().instant());
			return new Execution<>(exchange, this.policy, call, send).run();
		});
	}

}

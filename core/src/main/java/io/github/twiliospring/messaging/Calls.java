package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Duration;

import io.github.twiliospring.messaging.message.SendAttempt;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Runs calls to their ends, each by an {@link Execution} of its own. Thread-safe; no
 * thread waits.
 */
final class Calls {

	private final ApiClient client;

	private final AnswerReader answers;

	private final Retries retries;

	private final Deadlines deadlines;

	private final Clock clock;

	/**
	 * Runs calls.
	 * @param client makes the attempts
	 * @param answers reads what is no content
	 * @param retries what is repeated
	 * @param deadlines how long a call may take
	 * @param clock what tells the time of an attempt
	 */
	Calls(ApiClient client, AnswerReader answers, Retries retries, Deadlines deadlines, Clock clock) {
		this.client = client;
		this.answers = answers;
		this.retries = retries;
		this.deadlines = deadlines;
		this.clock = clock;
	}

	/**
	 * The same with exactly one attempt for each call.
	 */
	Calls once() {
		return new Calls(this.client, this.answers, this.retries.never(), this.deadlines, this.clock);
	}

	/**
	 * How long a call may take.
	 */
	Duration longest() {
		return this.deadlines.whole();
	}

	/**
	 * Begins the time of a call.
	 */
	Deadline deadline() {
		return this.deadlines.begin();
	}

	<T> Mono<T> run(ApiCall<T> call) {
		return Mono.defer(() -> run(call, deadline(), null));
	}

	/**
	 * Runs a call.
	 * @param deadline its time, which runs already
	 * @param send what is sent, or {@code null}
	 * @return the answer, or a
	 * {@link io.github.twiliospring.messaging.error.MessagingException}; canceling it
	 * stops the call
	 */
	<T> Mono<T> run(ApiCall<T> call, Deadline deadline, @Nullable SendAttempt send) {
		return new Execution<T>((attempt) -> this.client.attempt(call, attempt), call.operation().repeatability(),
				this.retries.begin(), deadline, (send != null) ? send.attemptedAt() : this.clock.instant(), send)
			.run();
	}

	/**
	 * Reads the bytes of a medium as they arrive. Attempts and deadline hold until the
	 * answer's headers are there.
	 * @return buffers that the subscriber has to release, or a
	 * {@link io.github.twiliospring.messaging.error.MessagingException}
	 */
	Flux<DataBuffer> content(ApiPaths.Target medium, ApiPaths paths) {
		OpenedContent opened = new OpenedContent();
		MediaContent content = new MediaContent(this.client, this.answers, paths);
		return new Execution<OpenedContent>((attempt) -> content.open(medium, opened, attempt),
				Operation.MEDIA_CONTENT.repeatability(), this.retries.begin(), deadline(), this.clock.instant(), null)
			.run()
			.flatMapMany(OpenedContent::read)
			.doFinally((signal) -> opened.close());
	}

}

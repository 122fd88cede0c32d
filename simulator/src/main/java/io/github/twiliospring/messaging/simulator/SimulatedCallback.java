package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.engine.Callback;
import io.github.twiliospring.messaging.simulator.engine.CallbackAttempt;
import org.jspecify.annotations.Nullable;

/**
 * A request to the application, with all attempts so far.
 *
 * @param id its name, the same as its idempotency token
 * @param messageSid the message that it's about
 * @param url where it goes, without the fragment
 * @param parameters the form, in order
 * @param headers the headers that make it the provider's
 * @param outcome how far it got
 * @param attempts the requests, in order
 */
public record SimulatedCallback(String id, String messageSid, String url, Map<String, String> parameters,
		Map<String, String> headers, Outcome outcome, List<Attempt> attempts) {

	static SimulatedCallback of(Callback callback) {
		Outcome outcome = switch (callback.state()) {
			case DELIVERED -> Outcome.DELIVERED;
			case FAILED, DROPPED -> Outcome.FAILED;
			case PENDING, DELAYED -> Outcome.PENDING;
		};
		return new SimulatedCallback(callback.id(), callback.message().sid(), callback.request().url().address(),
				callback.request().parameters(), callback.request().headers(), outcome,
				callback.attempts().stream().map(Attempt::of).toList());
	}

	/**
	 * The status that it reports.
	 * @return the status, or empty for an incoming message
	 */
	public Optional<MessageStatus> status() {
		return Optional.ofNullable(this.parameters.get("MessageStatus")).map(MessageStatus::of);
	}

	@Override
	public String toString() {
		return "SimulatedCallback[" + this.id + ", " + this.messageSid + ", "
				+ status().map(MessageStatus::value).orElse("inbound") + ", " + this.outcome + " after "
				+ this.attempts.size() + " attempts]";
	}

	/**
	 * How far a callback got.
	 */
	public enum Outcome {

		/** Under way, or waiting for its time. */
		PENDING,

		/** The application took it. */
		DELIVERED,

		/** Given up. */
		FAILED

	}

	/**
	 * One request and what came of it.
	 *
	 * @param at when it began, on the simulator's clock
	 * @param took how long it took, in real time
	 * @param httpStatus the answer's status, or {@code null} without an answer
	 * @param body the beginning of the answer's body
	 * @param failure why there's no answer, or {@code null}
	 */
	public record Attempt(Instant at, Duration took, @Nullable Integer httpStatus, String body,
			@Nullable String failure) {

		static Attempt of(CallbackAttempt attempt) {
			return new Attempt(attempt.at(), attempt.took(), attempt.answer().status(), attempt.answer().body(),
					attempt.answer().failure());
		}

	}

}

package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * The results of many sends, in the order of their messages: each message has one,
 * whatever happens once the first was sent.
 */
final class SendResults {

	private final List<OutboundMessage> messages = new ArrayList<>();

	// One message may be given several times.
	private final Map<OutboundMessage, Deque<Integer>> places = new IdentityHashMap<>();

	private final @Nullable SendResult[] results;

	private final Clock clock;

	private String problem = "its result never came";

	/**
	 * Reads the messages, on the caller's thread: they may come from its transaction.
	 */
	SendResults(Iterable<OutboundMessage> messages, Clock clock) {
		this.clock = clock;
		for (OutboundMessage message : messages) {
			OutboundMessage given = Given.message(message);
			this.places.computeIfAbsent(given, (key) -> new ArrayDeque<>(1)).add(this.messages.size());
			this.messages.add(given);
		}
		this.results = new SendResult[this.messages.size()];
	}

	/**
	 * Sends them and waits for all results.
	 */
	List<SendResult> await(MessagingOperations messaging, Waiter.GivingUp givingUp) {
		Instant startedAt = this.clock.instant();
		Flux<SendResult> sends = Given.returned("sendAll", begin(messaging));
		RuntimeException failure = null;
		try {
			Waiter<SendResult> waiter = new Waiter<>(sends, (late) -> {
			}, givingUp);
			for (SendResult result = waiter.next(); result != null; result = waiter.next()) {
				put(result);
			}
		}
		catch (RuntimeException ex) {
			// The results that are there would be lost with it.
			failure = ex;
		}
		List<SendResult> all = new ArrayList<>(this.messages.size());
		for (int i = 0; i < this.results.length; i++) {
			SendResult result = this.results[i];
			all.add((result != null) ? result : missing(this.messages.get(i), startedAt, failure));
		}
		return List.copyOf(all);
	}

	private Flux<SendResult> begin(MessagingOperations messaging) {
		try {
			return messaging.sendAll(this.messages);
		}
		catch (RuntimeException ex) {
			return Flux.error(ex);
		}
	}

	private void put(SendResult result) {
		Deque<Integer> free = this.places.get(result.request());
		Integer place = (free != null) ? free.poll() : null;
		if (place != null) {
			this.results[place] = result;
		}
		else {
			// Thrown away, it would look as if nothing had been sent.
			this.problem = "sendAll brought results of other messages than it was given";
		}
	}

	private SendResult missing(OutboundMessage message, Instant startedAt, @Nullable RuntimeException failure) {
		return new SendResult(message, null, new MessageOutcomeUnknownException(this.problem, startedAt,
				new SendAttempt(message, null, startedAt), null, failure));
	}

}

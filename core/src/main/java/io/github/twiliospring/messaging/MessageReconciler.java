package io.github.twiliospring.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks for a message whose send had no answer. Never sends. Without a DateSent filter,
 * since a new message has no such date.
 */
final class MessageReconciler {

	private static final int MOST_MESSAGES = 1000;

	// A message that's created later than this belongs to another send.
	private static final Duration LONGEST_ON_THE_WAY = Duration.ofMinutes(10);

	private final Flux<Message> candidates;

	private final SendAttempt attempt;

	private final Set<String> others;

	private final ApiClock apiClock;

	/**
	 * Begins to look.
	 * @param messages the recipient's messages, newest first
	 * @param attempt what is sought, with its sender
	 * @param others the SIDs of messages that are known to be others'
	 * @param apiClock tells the time of the attempt by the API's dates
	 */
	MessageReconciler(Flux<Message> messages, SendAttempt attempt, Set<String> others, ApiClock apiClock) {
		this.candidates = messages;
		this.attempt = attempt;
		this.others = others;
		this.apiClock = apiClock;
	}

	Mono<Reconciliation> reconcile() {
		OutboundMessage sought = this.attempt.message();
		if (text(sought.body()).isEmpty()) {
			// Without a text, a message can't be told from others to the same recipient.
			return Mono.just(new Reconciliation(null, 0));
		}
		return this.candidates.take(MOST_MESSAGES)
			// Sorted by the date sent, which never comes before the date created.
			.takeWhile((message) -> !time().beginsAfter(message.dateSent()))
			.filter((message) -> !this.others.contains(message.sid()) && matches(message, sought))
			.collectList()
			.map(this::judge);
	}

	// One that may have been there before is no proof, since another send may look the
	// same: taking it for this one would lose a message.
	private Reconciliation judge(List<Message> matches) {
		ApiClock.Span time = time();
		List<Message> candidates = matches.stream().filter((message) -> time.contains(message.dateCreated())).toList();
		boolean found = candidates.size() == 1 && time.isSure(candidates.get(0).dateCreated());
		return new Reconciliation(found ? candidates.get(0) : null, candidates.size());
	}

	// Asked with messages in hand: by then, the answers that brought them have told the
	// time.
	private ApiClock.Span time() {
		return this.apiClock.since(this.attempt.attemptedAt(), LONGEST_ON_THE_WAY);
	}

	private static boolean matches(Message message, OutboundMessage sought) {
		boolean sender = (sought.messagingServiceSid() != null)
				? sought.messagingServiceSid().equals(message.messagingServiceSid())
				: Objects.equals(sought.from(), message.from())
						|| Objects.equals(sought.from(), message.messagingServiceSid());
		int media = (message.numMedia() != null) ? message.numMedia() : 0;
		boolean outbound = message.direction() == MessageDirection.OUTBOUND_API
				|| message.direction() == MessageDirection.UNKNOWN;
		return outbound && sender && sought.to().equals(message.to())
				&& text(sought.body()).equals(text(message.body())) && media == sought.mediaUrls().size();
	}

	private static String text(@Nullable String body) {
		return (body != null) ? body : "";
	}

}

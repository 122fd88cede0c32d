package io.github.twiliospring.messaging.simulator.engine;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.fault.Scope;
import io.github.twiliospring.messaging.simulator.network.Directory;
import org.jspecify.annotations.Nullable;

/**
 * A world as data, to be kept over a restart. What a program's code decides isn't in it:
 * rules of which only code says which messages they mean. Nor is what only tells how far
 * a reader has got: marks of lists, callbacks of messages that are deleted.
 *
 * @param now where the clock stood
 * @param ahead how far it was moved ahead of the system's
 * @param version how far the world had got
 * @param accounts all accounts
 * @param messages all messages, in the order of their creation
 * @param callbacks their callbacks, the oldest first
 * @param requests the calls of the API, the oldest first
 * @param outcomes how messages end, in the order in which the rules are asked
 * @param faults what goes wrong, in the order in which it's asked
 */
public record WorldState(Instant now, Duration ahead, long version, List<OfAccount> accounts, List<OfMessage> messages,
		List<OfCallback> callbacks, List<ApiCall> requests, List<OfOutcome> outcomes, List<Fault> faults) {

	/**
	 * Copies a world. Nothing of it is live.
	 * @param world the world
	 * @return its state
	 */
	public static WorldState of(World world) {
		List<OfOutcome> outcomes = new ArrayList<>();
		for (OutcomeRule rule : world.outcomes().all()) {
			if (rule.condition() instanceof DescribedCondition described
					&& described.condition() instanceof MessageCondition condition) {
				outcomes.add(new OfOutcome(rule.id(), described.description(), condition, rule.errorCode(),
						rule.status(), rule.scope()));
			}
		}
		return new WorldState(world.now(), world.schedule().ahead(), world.version(),
				world.accounts().stream().map(Account::state).toList(),
				world.messages().stream().map(OfMessage::of).toList(),
				world.callbackLog()
					.all()
					.stream()
					.filter((callback) -> !callback.message().isGone())
					.map(OfCallback::of)
					.toList(),
				world.requests().all(), outcomes, world.faults().all());
	}

	/**
	 * Puts all that into a new world, in which nothing moves yet.
	 * @param world the world, in which there are no messages
	 */
	public void restore(World world) {
		world.schedule().goOn(this.now, this.ahead);
		// The same seed would give the same identifiers again.
		world.sids().mix(this.version);
		for (OfAccount account : this.accounts) {
			world.open(account.sid(), account.authToken()).restore(account);
		}
		for (OfMessage message : this.messages) {
			Account account = world.account(message.accountSid());
			if (account != null) {
				world.add(message.restore(account));
			}
		}
		for (OfCallback callback : this.callbacks) {
			StoredMessage message = world.message(callback.messageSid());
			if (message != null) {
				world.callbackLog().add(callback.restore(message));
			}
		}
		world.requests().restore(this.requests);
		this.outcomes.forEach((outcome) -> world.outcomes().add(outcome.rule()));
		this.faults.forEach(world.faults()::add);
		world.goOn(this.version);
	}

	/**
	 * An account.
	 *
	 * @param sid {@code AC…}
	 * @param authToken its token
	 * @param ownerSid the account that opens it, too
	 * @param opened when it was first used
	 * @param apiKeys secrets by SID
	 * @param directory what it owns
	 * @param optOuts sender and recipient, by a blank
	 * @param heardOf when a recipient last wrote to a sender
	 * @param queues when the queue of a sender is empty
	 * @param turns how often a service has picked a sender
	 * @param links the links that its messages had shortened
	 */
	public record OfAccount(String sid, String authToken, String ownerSid, Instant opened, Map<String, String> apiKeys,
			Directory.Content directory, Set<String> optOuts, Map<String, Instant> heardOf, Map<String, Instant> queues,
			Map<String, Integer> turns, List<ShortLink> links) {

		@Override
		public String toString() {
			return "OfAccount[" + this.sid + "]";
		}

	}

	/**
	 * A message.
	 *
	 * @param number the order of its creation
	 * @param sid its identifier
	 * @param accountSid whose it is
	 * @param direction which way it goes
	 * @param draft what was asked for
	 * @param created when it came
	 * @param text what it says
	 * @param to the recipient
	 * @param from the sender, or {@code null}
	 * @param sent when it was sent, and the version of the world then
	 * @param updated when it changed
	 * @param version the world's version then
	 * @param price what it cost, or {@code null}
	 * @param feedback what the application reported, or {@code null}
	 * @param media its media
	 * @param history all its stations
	 * @param next what happens to it next, or {@code null}
	 */
	public record OfMessage(long number, String sid, String accountSid, MessageDirection direction, MessageDraft draft,
			Instant created, Text text, String to, @Nullable String from, Sent sent, Instant updated, long version,
			@Nullable BigDecimal price, @Nullable String feedback, List<StoredMedia> media, List<StatusChange> history,
			@Nullable PlannedStep next) {

		static OfMessage of(StoredMessage message) {
			return new OfMessage(message.number(), message.sid(), message.account().sid(), message.direction(),
					message.draft(), message.created(), new Text(message.body(), message.segments()), message.to(),
					message.from(), message.sending(), message.updated(), message.version(), message.price(),
					message.feedback(), List.copyOf(message.media()), List.copyOf(message.history()), message.next());
		}

		StoredMessage restore(Account account) {
			StoredMessage message = new StoredMessage(this.number, this.sid, account, this.direction, this.draft,
					this.created);
			this.history.forEach((change) -> message.move(change.status(), change.errorCode(), change.at()));
			message.restore(this);
			this.media.forEach((media) -> {
				account.mediaLibrary().restore(media, this.sid);
				message.media().add(media);
			});
			return message;
		}

		@Override
		public String toString() {
			return "OfMessage[" + this.sid + "]";
		}

		/**
		 * What a message says.
		 *
		 * @param body the text
		 * @param segments what it takes
		 */
		public record Text(String body, int segments) {

			@Override
			public String toString() {
				return "Text[" + this.segments + "]";
			}

		}

		/**
		 * When a message was sent.
		 *
		 * @param at the instant, or {@code null} as long as it wasn't
		 * @param number the world's version then
		 */
		public record Sent(@Nullable Instant at, long number) {

		}

	}

	/**
	 * A callback.
	 *
	 * @param id its name
	 * @param messageSid the message that it's about
	 * @param request what's sent
	 * @param created when the event happened
	 * @param attempts all attempts
	 * @param state how far it got
	 * @param note what's to be said about it, or {@code null}
	 */
	public record OfCallback(String id, String messageSid, WebhookRequest request, Instant created,
			List<CallbackAttempt> attempts, Callback.State state, @Nullable String note) {

		static OfCallback of(Callback callback) {
			return new OfCallback(callback.id(), callback.message().sid(), callback.request(), callback.created(),
					List.copyOf(callback.attempts()), callback.state(), callback.note());
		}

		Callback restore(StoredMessage message) {
			Callback callback = new Callback(this.id, message, this.request, this.created);
			callback.attempts().addAll(this.attempts);
			callback.setState(this.state);
			if (this.note != null) {
				callback.note(this.note);
			}
			return callback;
		}

		@Override
		public String toString() {
			return "OfCallback[" + this.id + "]";
		}

	}

	/**
	 * How messages end.
	 *
	 * @param id names the rule
	 * @param about which messages, as a person says it
	 * @param condition which messages
	 * @param errorCode the delivery error, or {@code null}
	 * @param status how they end, or {@code null}
	 * @param scope how many are left, and what share of them
	 */
	public record OfOutcome(String id, String about, MessageCondition condition, @Nullable Integer errorCode,
			@Nullable MessageStatus status, Scope scope) {

		OutcomeRule rule() {
			return new OutcomeRule(this.id, new DescribedCondition(this.about, this.condition), this.errorCode,
					this.status, this.scope);
		}

		@Override
		public String toString() {
			return "OfOutcome[" + this.id + "]";
		}

	}

}

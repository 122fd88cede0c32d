package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import org.jspecify.annotations.Nullable;

/**
 * What waits at an account's senders, and whose turn it is in a Messaging Service.
 */
public final class SenderQueues {

	private final Map<String, Instant> freeAt = new HashMap<>();

	private final Map<String, Integer> turns = new HashMap<>();

	SenderQueues() {
	}

	/** Takes the next place in a sender's queue: when it goes. */
	Instant enqueue(String sender, @Nullable PhoneNumber number, int segments, Instant earliest) {
		if (number == null || number.segmentsPerSecond() <= 0) {
			return earliest;
		}
		Instant free = this.freeAt.getOrDefault(sender, earliest);
		Instant start = free.isAfter(earliest) ? free : earliest;
		this.freeAt.put(sender, start.plusNanos((long) (segments * 1e9 / number.segmentsPerSecond())));
		return start;
	}

	/**
	 * Whether a sender's queue holds as much as it may.
	 * @param sender the sender
	 * @param until what it holds until then, at least, is as much as it may
	 * @return {@code true} if it takes no more
	 */
	public boolean isFull(String sender, Instant until) {
		Instant free = this.freeAt.get(sender);
		return free != null && !free.isBefore(until);
	}

	/** Picks a service's sender, in turn, among those of the recipient's channel. */
	@Nullable String pick(MessagingService service, String recipient) {
		List<String> able = service.sendersFor(recipient);
		if (able.isEmpty()) {
			return null;
		}
		int turn = this.turns.merge(service.sid(), 1, Integer::sum) - 1;
		return able.get(Math.floorMod(turn, able.size()));
	}

	Map<String, Instant> waiting() {
		return new HashMap<>(this.freeAt);
	}

	Map<String, Integer> turns() {
		return new HashMap<>(this.turns);
	}

	void restore(Map<String, Instant> waiting, Map<String, Integer> served) {
		this.freeAt.putAll(waiting);
		this.turns.putAll(served);
	}

	void clear() {
		this.freeAt.clear();
		this.turns.clear();
	}

}

package io.github.twiliospring.messaging.webhook.ledger;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What one handler had of one message.
 */
record Marks(int highest, String last, @Nullable Set<String> others) {

	private static final Set<String> KNOWN = Stream.of(MessageStatus.values())
		.map(MessageStatus::value)
		.collect(Collectors.toUnmodifiableSet());

	// Few sets of statuses occur, and messages are held by the million. What the provider
	// may invent isn't shared, and so this stays small.
	private static final ConcurrentMap<Marks, Marks> SHARED = new ConcurrentHashMap<>();

	static Marks first(StatusMark mark) {
		return shared(new Marks(mark.rank(), mark.status(), null));
	}

	Verdict judge(StatusMark mark) {
		if (this.last.equals(mark.status()) || (this.others != null && this.others.contains(mark.status()))) {
			return Verdict.DUPLICATE;
		}
		boolean late = mark.isRanked() && mark.rank() <= this.highest;
		return (late && !mark.acceptLate()) ? Verdict.STALE : Verdict.HANDLED;
	}

	Marks with(StatusMark mark) {
		Set<String> seen = (this.others != null) ? new TreeSet<>(this.others) : new TreeSet<>();
		seen.add(this.last);
		return shared(new Marks(Math.max(this.highest, mark.rank()), mark.status(), seen));
	}

	private static Marks shared(Marks marks) {
		boolean known = KNOWN.contains(marks.last) && (marks.others == null || KNOWN.containsAll(marks.others));
		if (!known) {
			return marks;
		}
		Marks present = SHARED.get(marks);
		return (present != null) ? present : SHARED.computeIfAbsent(marks, (first) -> first);
	}

}

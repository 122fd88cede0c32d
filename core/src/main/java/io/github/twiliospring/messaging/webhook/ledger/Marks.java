package io.github.twiliospring.messaging.webhook.ledger;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What one handler had of one message.
 */
record Marks(int highest, String last, @Nullable Set<String> others) {

	// Shared, since most messages are held by the million.
	private static final Map<String, Marks> FIRST = Stream.of(MessageStatus.values())
		.filter((status) -> status != MessageStatus.UNKNOWN)
		.map((status) -> StatusMark.of(status, status.value(), false))
		.collect(Collectors.toUnmodifiableMap(StatusMark::status,
				(mark) -> new Marks(mark.rank(), mark.status(), null)));

	static Marks first(StatusMark mark) {
		Marks known = FIRST.get(mark.status());
		return (known != null) ? known : new Marks(mark.rank(), mark.status(), null);
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
		return new Marks(Math.max(this.highest, mark.rank()), mark.status(), seen);
	}

}

package io.github.twiliospring.messaging.webhook.ledger;

import java.util.Set;
import java.util.TreeSet;

import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What one handler had of one message.
 */
record Marks(int highest, String last, @Nullable Set<String> others) {

	static Marks first(StatusMark mark) {
		return new Marks(mark.rank(), mark.status(), null);
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

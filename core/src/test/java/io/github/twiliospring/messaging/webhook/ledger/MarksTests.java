package io.github.twiliospring.messaging.webhook.ledger;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MarksTests {

	@Test
	void areSharedByMessagesThatTookTheSameWay() {
		assertThat(delivered()).isSameAs(delivered());
		assertThat(Marks.first(mark(MessageStatus.SENT))).isNotEqualTo(Marks.first(mark(MessageStatus.QUEUED)));
	}

	@Test
	void areNotSharedWhereTheProviderInventedAStatus() {
		StatusMark unknown = StatusMark.of(MessageStatus.UNKNOWN, "teleported", false);
		Marks marks = Marks.first(unknown).with(mark(MessageStatus.SENT));
		assertThat(marks).isEqualTo(Marks.first(unknown).with(mark(MessageStatus.SENT)))
			.isNotSameAs(Marks.first(unknown).with(mark(MessageStatus.SENT)));
		assertThat(marks.judge(unknown)).isEqualTo(Verdict.DUPLICATE);
		assertThat(marks.judge(mark(MessageStatus.QUEUED))).isEqualTo(Verdict.STALE);
		assertThat(marks.judge(mark(MessageStatus.DELIVERED))).isEqualTo(Verdict.HANDLED);
	}

	private static Marks delivered() {
		return Marks.first(mark(MessageStatus.QUEUED))
			.with(mark(MessageStatus.SENT))
			.with(mark(MessageStatus.DELIVERED));
	}

	private static StatusMark mark(MessageStatus status) {
		return StatusMark.of(status, status.value(), false);
	}

}

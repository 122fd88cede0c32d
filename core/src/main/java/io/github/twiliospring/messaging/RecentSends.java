package io.github.twiliospring.messaging;

import java.util.ArrayDeque;
import java.util.Deque;

import io.github.twiliospring.messaging.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The last sends that somebody answered, to tell an answer that comes once more, in place
 * of another's. A SID that comes again proves nothing by itself: stubs answer every send
 * with the same. It's foreign where its text is that of the earlier send and not this
 * one's. Thread-safe.
 */
final class RecentSends {

	private static final int KEPT = 16;

	private final Deque<Sent> sends = new ArrayDeque<>(KEPT);

	/**
	 * Whether a message is the answer to an earlier send, and not the one to this text.
	 */
	synchronized boolean isRepetition(Message answer, @Nullable String text) {
		String answered = answer.body();
		if (answered != null && !holds(answered, text)) {
			for (Sent sent : this.sends) {
				if (sent.sid().equals(answer.sid()) && holds(answered, sent.text())) {
					return true;
				}
			}
		}
		if (this.sends.size() == KEPT) {
			this.sends.removeFirst();
		}
		this.sends.addLast(new Sent(answer.sid(), text));
		return false;
	}

	// The provider may put something before a text, as for trial accounts.
	private static boolean holds(String answered, @Nullable String text) {
		return text != null && !text.isEmpty() && answered.contains(text);
	}

	/**
	 * A send that was answered.
	 */
	private record Sent(String sid, @Nullable String text) {

		@Override
		public String toString() {
			return "Sent[" + this.sid + "]";
		}

	}

}

package io.github.twiliospring.messaging;

import java.util.ArrayDeque;
import java.util.Deque;

import io.github.twiliospring.messaging.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The last sends that somebody was asked for, to tell an answer that comes late or once
 * more, in place of another's. A SID that comes again proves nothing by itself: stubs
 * answer every send with the same. An answer is another's where its text isn't this
 * send's but an earlier one's, which had another answer, or none that was its own.
 * Thread-safe.
 */
final class RecentSends {

	private static final int KEPT = 16;

	private final Deque<Sent> sends = new ArrayDeque<>(KEPT);

	/**
	 * Remembers a send, whatever will come of it.
	 */
	synchronized void asked(String text) {
		add(new Sent(null, text));
	}

	/**
	 * Whether a message is the answer to an earlier send, and not the one to this text.
	 * Where it isn't, it's remembered as this one's.
	 */
	synchronized boolean isOfEarlierSend(Message answer, String text) {
		String answered = answer.body();
		if (answered != null && !answered.equals(text) && !contains(answered, text)) {
			for (Sent sent : this.sends) {
				if ((sent.sid() == null) ? sent.text().equals(answered)
						: sent.sid().equals(answer.sid()) && contains(answered, sent.text())) {
					return true;
				}
			}
		}
		// It's the last one wherever a connection answers one request at a time.
		this.sends.removeLastOccurrence(new Sent(null, text));
		add(new Sent(answer.sid(), text));
		return false;
	}

	private void add(Sent sent) {
		if (this.sends.size() == KEPT) {
			this.sends.removeFirst();
		}
		this.sends.addLast(sent);
	}

	// The provider may put something before a text, as for trial accounts.
	private static boolean contains(String answered, String text) {
		return !text.isEmpty() && answered.contains(text);
	}

	/**
	 * A send.
	 *
	 * @param sid that of its own answer, or {@code null} while there's none
	 */
	private record Sent(@Nullable String sid, String text) {

		@Override
		public String toString() {
			return "Sent[" + this.sid + "]";
		}

	}

}

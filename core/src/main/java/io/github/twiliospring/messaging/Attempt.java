package io.github.twiliospring.messaging;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.github.twiliospring.messaging.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call: whether it may still be put on the wire, whether it was, what
 * was learnt of it, and the connection that answers it. Thread-safe.
 */
final class Attempt {

	private enum State {

		OPEN, HANDED_OVER, CLOSED

	}

	private final boolean single;

	private final @Nullable String text;

	private final AtomicBoolean begun = new AtomicBoolean();

	private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

	private volatile @Nullable Outcome<?> outcome;

	private volatile @Nullable Peer peer;

	/**
	 * Begins.
	 * @param single whether one exchange at most may be made of it
	 * @param text what a send says, or {@code null}
	 */
	Attempt(boolean single, @Nullable String text) {
		this.single = single;
		this.text = text;
	}

	boolean isSingle() {
		return this.single;
	}

	/**
	 * Asks for an exchange.
	 * @return whether it may begin
	 */
	boolean tryBegin() {
		return this.begun.compareAndSet(false, true) || !this.single;
	}

	/**
	 * Notes that a connection is there and the request is about to be written.
	 * @return whether it may be written
	 */
	boolean tryHandOver() {
		return this.state.compareAndSet(State.OPEN, State.HANDED_OVER)
				|| (!this.single && this.state.get() == State.HANDED_OVER);
	}

	/**
	 * Ends an attempt that didn't get so far: from now on nothing can be written.
	 * @return whether surely nothing was written
	 */
	boolean tryClose() {
		return this.state.compareAndSet(State.OPEN, State.CLOSED) || this.state.get() == State.CLOSED;
	}

	/**
	 * Whether it ended before it got so far.
	 */
	boolean isClosed() {
		return this.state.get() == State.CLOSED;
	}

	/**
	 * Notes who answers, at the hand-over.
	 */
	void answeredBy(Peer peer) {
		this.peer = peer;
		if (this.text != null) {
			peer.asked(this.text);
		}
	}

	/**
	 * An answer came that isn't this attempt's: its connection, which may have been given
	 * on, is closed.
	 */
	void distrustPeer() {
		Peer present = this.peer;
		if (present != null) {
			present.distrust();
		}
	}

	/**
	 * Whether a message that was read as the answer to a send is that of a send before
	 * it.
	 */
	boolean isOfEarlierSend(Message answer) {
		Peer present = this.peer;
		return present != null && this.text != null && present.isOfEarlierSend(answer, this.text);
	}

	/**
	 * Keeps what was learnt at the connection, whatever filters make of it.
	 */
	void keep(Outcome<?> outcome) {
		this.outcome = outcome;
	}

	/**
	 * What was learnt at the connection.
	 * @return the outcome, or {@code null} while none is known
	 */
	@SuppressWarnings("unchecked")
	<T> @Nullable Outcome<T> outcome() {
		return (Outcome<T>) this.outcome;
	}

	/**
	 * Who answers an attempt: a connection or, where connections aren't shown, a whole
	 * client.
	 */
	interface Peer {

		/**
		 * Keeps others from using it.
		 */
		void distrust();

		/**
		 * Remembers what a send says that it's about to be asked for.
		 */
		void asked(String text);

		/**
		 * Whether a message is the answer to an earlier send, and not the one to this
		 * text.
		 */
		boolean isOfEarlierSend(Message answer, String text);

	}

}

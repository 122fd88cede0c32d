package io.github.twiliospring.messaging.client;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The state of one attempt that travels with it in the Reactor context, down to the
 * connector: whether it may still be put on the wire, and whether it was.
 */
final class AttemptGate {

	/** The key in the Reactor context. */
	static final Class<AttemptGate> KEY = AttemptGate.class;

	private enum State {

		OPEN, HANDED_OVER, CLOSED

	}

	private final boolean single;

	private final AtomicBoolean begun = new AtomicBoolean();

	private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

	/**
	 * Makes a gate.
	 * @param single whether one exchange at most may pass
	 */
	AttemptGate(boolean single) {
		this.single = single;
	}

	/**
	 * Whether one exchange at most may pass.
	 * @return whether it's the attempt of a create
	 */
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

}

package io.github.twiliospring.messaging.client;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The state of one attempt that travels with it in the Reactor context, down to the
 * connector: whether it may still be put on the wire, and whether it was.
 */
final class AttemptGate {

	/** The key in the Reactor context. */
	static final Class<AttemptGate> KEY = AttemptGate.class;

	private final boolean single;

	private final AtomicBoolean opened = new AtomicBoolean();

	private final AtomicBoolean handedOver = new AtomicBoolean();

	/**
	 * Makes a gate.
	 * @param single whether one exchange at most may pass
	 */
	AttemptGate(boolean single) {
		this.single = single;
	}

	/**
	 * Asks for an exchange.
	 * @return whether it may begin
	 */
	boolean tryOpen() {
		return this.opened.compareAndSet(false, true) || !this.single;
	}

	/**
	 * Notes that a connection is there and the request is about to be written.
	 * @return whether it may be written
	 */
	boolean tryHandOver() {
		return this.handedOver.compareAndSet(false, true) || !this.single;
	}

	boolean isHandedOver() {
		return this.handedOver.get();
	}

}

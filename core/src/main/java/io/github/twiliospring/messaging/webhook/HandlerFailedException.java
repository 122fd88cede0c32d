package io.github.twiliospring.messaging.webhook;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A method of the application didn't succeed; the library has logged it already. Reactor
 * hands this on like any other failure, where it would throw some errors, such as
 * {@link LinkageError} and {@link StackOverflowError}, at whoever subscribes, so that the
 * claim would never end.
 */
@SuppressWarnings("serial")
final class HandlerFailedException extends RuntimeException {

	private final boolean busy;

	private HandlerFailedException(String message, @Nullable Throwable cause, boolean busy) {
		super(message, cause, false, false);
		this.busy = busy;
	}

	/**
	 * The method threw.
	 * @param failure what it threw
	 * @return its failure, wrapped once
	 */
	static HandlerFailedException of(Throwable failure) {
		return (failure instanceof HandlerFailedException wrapped) ? wrapped
				: new HandlerFailedException("The handler threw " + failure.getClass().getName(), failure, false);
	}

	/**
	 * No thread had time for the method: it wasn't called.
	 * @return the failure
	 */
	static HandlerFailedException busy() {
		return new HandlerFailedException("No thread has time for the handler", null, true);
	}

	/**
	 * The method is still at it, and others are waiting for their turn.
	 * @return the failure
	 */
	static HandlerFailedException late() {
		return new HandlerFailedException("The handler takes longer than an answer may", null, true);
	}

	/**
	 * The method held its message for longer than it may.
	 * @param limit how long it may
	 * @return the failure
	 */
	static HandlerFailedException limit(Duration limit) {
		return new HandlerFailedException("The handler took longer than " + limit, null, false);
	}

	/**
	 * Whether the next request may well succeed.
	 * @return whether the method wasn't called, or may still succeed
	 */
	boolean isBusy() {
		return this.busy;
	}

}

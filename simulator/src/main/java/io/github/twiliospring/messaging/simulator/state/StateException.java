package io.github.twiliospring.messaging.simulator.state;

/**
 * A file that the simulator was to begin with can't be used. The message says what to do.
 */
@SuppressWarnings("serial")
public final class StateException extends IllegalStateException {

	/**
	 * A file can't be used.
	 * @param message which one, why, and what to do
	 */
	public StateException(String message) {
		super(message);
	}

	StateException(String message, Throwable cause) {
		super(message, cause);
	}

}

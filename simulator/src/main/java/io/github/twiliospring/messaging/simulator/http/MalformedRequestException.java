package io.github.twiliospring.messaging.simulator.http;

/**
 * A request that can't be read.
 */
public final class MalformedRequestException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * A request that can't be read.
	 * @param message what's wrong with it
	 */
	public MalformedRequestException(String message) {
		super(message, null, false, false);
	}

	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

}

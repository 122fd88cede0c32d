package io.github.twiliospring.messaging.simulator.engine;

/**
 * A refusal in the provider's form: error code, HTTP status and wording.
 */
public final class ApiException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int code;

	private final int httpStatus;

	/**
	 * A refusal.
	 * @param code the provider's error code
	 * @param httpStatus the status of the answer
	 * @param message the provider's wording
	 */
	public ApiException(int code, int httpStatus, String message) {
		super(message, null, false, false);
		this.code = code;
		this.httpStatus = httpStatus;
	}

	/**
	 * A refusal with HTTP status 400.
	 * @param code the provider's error code
	 * @param message the provider's wording
	 * @return the exception
	 */
	public static ApiException badRequest(int code, String message) {
		return new ApiException(code, 400, message);
	}

	/**
	 * The answer for what doesn't exist.
	 * @param path the path that was asked for
	 * @return the exception
	 */
	public static ApiException notFound(String path) {
		return new ApiException(20404, 404, "The requested resource " + path + " was not found");
	}

	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

	/**
	 * The provider's error code.
	 * @return the code
	 */
	public int code() {
		return this.code;
	}

	/**
	 * The status of the HTTP answer.
	 * @return the status
	 */
	public int httpStatus() {
		return this.httpStatus;
	}

}

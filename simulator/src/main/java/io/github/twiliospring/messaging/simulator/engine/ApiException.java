package io.github.twiliospring.messaging.simulator.engine;

import java.util.Map;

/**
 * A refusal in the provider's form: error code, HTTP status and wording.
 *
 * @serial exclude
 */
@SuppressWarnings("serial")
public final class ApiException extends RuntimeException {

	private final int code;

	private final int httpStatus;

	private final Map<String, String> headers;

	/**
	 * A refusal.
	 * @param code the provider's error code
	 * @param httpStatus the status of the answer
	 * @param message the provider's wording
	 */
	public ApiException(int code, int httpStatus, String message) {
		this(code, httpStatus, message, Map.of());
	}

	private ApiException(int code, int httpStatus, String message, Map<String, String> headers) {
		super(message, null, false, false);
		this.code = code;
		this.httpStatus = httpStatus;
		this.headers = headers;
	}

	/**
	 * The answer to missing or wrong credentials. Clients that send theirs only when
	 * asked for them wait for its challenge.
	 * @return the exception
	 */
	public static ApiException unauthorized() {
		return new ApiException(20003, 401, "Authenticate", Map.of("WWW-Authenticate", "Basic realm=\"Twilio API\""));
	}

	/**
	 * The answer to a method that the resource doesn't know.
	 * @param allowed the methods that it knows, separated by commas
	 * @return the exception
	 */
	public static ApiException notAllowed(String allowed) {
		return new ApiException(20004, 405, "Method not allowed", Map.of("Allow", allowed));
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

	/**
	 * The headers that belong to the answer.
	 * @return unmodifiable
	 */
	public Map<String, String> headers() {
		return this.headers;
	}

}

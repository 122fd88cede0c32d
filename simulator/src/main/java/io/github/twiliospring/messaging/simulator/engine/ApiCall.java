package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API and its answer.
 *
 * @param number rises with every call
 * @param at when, on the simulator's clock
 * @param messageSid the message that it's about, or {@code null}
 * @param fault what went wrong on demand, or {@code null}
 * @param method the HTTP method
 * @param path the raw path
 * @param query the raw query, empty without one
 * @param headers the headers, names in lower case, without credentials
 * @param body the body, cut off where it's long
 * @param response the answer
 */
public record ApiCall(long number, Instant at, @Nullable String messageSid, Fault.@Nullable Kind fault, String method,
		String path, String query, Map<String, String> headers, String body, Answer response) {

	/**
	 * The answer to a call.
	 *
	 * @param status the HTTP status, 0 where the connection was reset instead
	 * @param headers the headers, in order
	 * @param body the body, cut off where it's long
	 */
	public record Answer(int status, Map<String, String> headers, String body) {

	}

}

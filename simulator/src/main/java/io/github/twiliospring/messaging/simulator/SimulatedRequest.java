package io.github.twiliospring.messaging.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.engine.ApiCall;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import io.github.twiliospring.messaging.simulator.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * A call of the API and its answer.
 *
 * @param at when, on the simulator's clock
 * @param method the HTTP method
 * @param path the raw path
 * @param headers the headers, names in lower case, without credentials
 * @param parameters the decoded parameters of the form, or of the query without one
 * @param status the status of the answer
 * @param messageSid the message that it's about, or {@code null}
 */
public record SimulatedRequest(Instant at, String method, String path, Map<String, String> headers,
		Map<String, List<String>> parameters, int status, @Nullable String messageSid) {

	static SimulatedRequest of(ApiCall call) {
		return new SimulatedRequest(call.at(), call.method(), call.path(), call.headers(), parametersOf(call),
				call.response().status(), call.messageSid());
	}

	private static Map<String, List<String>> parametersOf(ApiCall call) {
		Request request = new Request(call.method(), call.path(), call.query(), call.headers(), call.body(), false,
				false);
		try {
			return call.body().isEmpty() ? request.query().values() : request.form().values();
		}
		catch (MalformedRequestException ex) {
			return Map.of();
		}
	}

	@Override
	public String toString() {
		return "SimulatedRequest[" + this.method + " " + this.path + ", " + this.status + "]";
	}

}

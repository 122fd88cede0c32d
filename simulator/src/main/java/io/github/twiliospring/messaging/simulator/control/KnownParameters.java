package io.github.twiliospring.messaging.simulator.control;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;

/**
 * The parameters that each call of the control takes. One that's misspelt would otherwise
 * leave a test with a rule that it didn't mean.
 */
final class KnownParameters {

	private static final List<String> FILTERS = List.of("account_sid", "to", "from", "to_pattern", "body",
			"message_sid");

	private static final Map<String, List<String>> BY_CALL = Map.ofEntries(Map.entry("GET clock", List.of()),
			Map.entry("POST clock/", List.of("duration", "to")),
			Map.entry("GET messages", with(FILTERS, "status", "q", "limit")),
			Map.entry("GET requests", List.of("message_sid", "limit")),
			Map.entry("GET callbacks", with(FILTERS, "limit")),
			Map.entry("POST inbound", List.of("from", "to", "body", "media_url", "account_sid")),
			Map.entry("POST faults",
					List.of("target", "kind", "status", "retry_after", "delay", "times", "share", "method",
							"account_sid")),
			Map.entry("POST outcomes", with(FILTERS, "error_code", "status", "times", "probability")),
			Map.entry("GET services", List.of("account_sid")), Map.entry("GET applications", List.of("account_sid")),
			Map.entry("GET numbers", List.of("account_sid")),
			Map.entry("POST services", List.of("sid", "senders", "status_callback", "inbound_url", "account_sid")),
			Map.entry("POST applications", List.of("sid", "message_status_callback", "account_sid")),
			Map.entry("POST numbers", List.of("number", "inbound_url", "segments_per_second", "account_sid")),
			Map.entry("POST accounts", List.of("account_sid", "auth_token", "owner_account_sid", "api_key",
					"api_secret", "trial", "verified")),
			Map.entry("POST reset", List.of("account_sid")));

	private KnownParameters() {
	}

	static void check(String call, ControlParameters parameters) {
		List<String> known = BY_CALL.get(call);
		if (known != null) {
			for (String name : parameters.names()) {
				if (!known.contains(name)) {
					throw new MalformedRequestException("'" + name + "' is unknown here; known are "
							+ (known.isEmpty() ? "none" : String.join(", ", known)));
				}
			}
		}
	}

	private static List<String> with(List<String> some, String... more) {
		return Stream.concat(some.stream(), Stream.of(more)).toList();
	}

}

package io.github.twiliospring.messaging.simulator.engine;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes texts by name as a JSON object, in ASCII alone. The engine knows no more of JSON
 * than that.
 */
final class JsonText {

	private JsonText() {
	}

	static String of(Map<String, String> texts) {
		return texts.entrySet()
			.stream()
			.map((entry) -> quoted(entry.getKey()) + ":" + quoted(entry.getValue()))
			.collect(Collectors.joining(",", "{", "}"));
	}

	private static String quoted(String text) {
		StringBuilder json = new StringBuilder("\"");
		for (char character : text.toCharArray()) {
			if (character == '"' || character == '\\' || character < ' ' || character > '~') {
				json.append("\\u%04x".formatted((int) character));
			}
			else {
				json.append(character);
			}
		}
		return json.append('"').toString();
	}

}

package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads decoded parameters.
 */
final class Parameters {

	private Parameters() {
	}

	/**
	 * The first value of the first of these names that has one.
	 * @param parameters the parameters
	 * @param names the names, the best first
	 * @return the value, or {@code null} where all are missing or empty
	 */
	static @Nullable String first(Map<String, List<String>> parameters, String... names) {
		for (String name : names) {
			List<String> values = parameters.get(name);
			if (values != null && !values.isEmpty() && !values.get(0).isEmpty()) {
				return values.get(0);
			}
		}
		return null;
	}

	/**
	 * A count.
	 * @param parameters the parameters
	 * @param name its name
	 * @return the number, 0 where it's missing, negative or no number
	 */
	static int number(Map<String, List<String>> parameters, String name) {
		String text = first(parameters, name);
		try {
			return (text != null) ? Math.max(0, Integer.parseInt(text)) : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}

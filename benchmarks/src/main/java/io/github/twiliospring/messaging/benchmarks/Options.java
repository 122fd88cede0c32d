package io.github.twiliospring.messaging.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The options of a command, as in {@code --rounds=5}.
 */
public final class Options {

	private final Map<String, String> values = new LinkedHashMap<>();

	/**
	 * Reads options.
	 * @param arguments each {@code --name} or {@code --name=value}
	 */
	public Options(List<String> arguments) {
		for (String argument : arguments) {
			if (!argument.startsWith("--")) {
				throw new IllegalArgumentException("An option looks like --name=value, not like " + argument);
			}
			int equals = argument.indexOf('=');
			this.values.put(argument.substring(2, (equals > 0) ? equals : argument.length()),
					(equals > 0) ? argument.substring(equals + 1) : "true");
		}
	}

	/**
	 * Whether this is the quick run that checks for errors only.
	 * @return whether {@code --smoke} was given
	 */
	public boolean smoke() {
		return has("smoke");
	}

	/**
	 * Whether an option was given.
	 * @param name the option
	 * @return whether it was
	 */
	public boolean has(String name) {
		return this.values.containsKey(name);
	}

	/**
	 * A number.
	 * @param name the option
	 * @param normal its default
	 * @param smoke its default in a quick run
	 * @return the number
	 */
	public int number(String name, int normal, int smoke) {
		String value = this.values.get(name);
		return (value != null) ? Integer.parseInt(value) : (smoke() ? smoke : normal);
	}

	/**
	 * A text.
	 * @param name the option
	 * @param normal its default
	 * @return the text
	 */
	public String text(String name, String normal) {
		return this.values.getOrDefault(name, normal);
	}

}

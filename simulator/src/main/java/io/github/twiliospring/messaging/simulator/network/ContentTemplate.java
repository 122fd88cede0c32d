package io.github.twiliospring.messaging.simulator.network;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A content template. Its variables stand in two braces each, as in
 * <code>See you at {{1}}</code>, in its text and in the addresses of its media.
 *
 * @param sid {@code HX…}
 * @param body its text
 * @param variables what a variable is where a message doesn't say it
 * @param mediaUrls its media, at most ten
 */
public record ContentTemplate(String sid, String body, Map<String, String> variables, List<String> mediaUrls) {

	private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([A-Za-z0-9_]+)\\s*}}");

	/**
	 * Copies the variables and the media.
	 * @param sid {@code HX…}
	 * @param body its text
	 * @param variables what a variable is by default
	 * @param mediaUrls its media
	 */
	public ContentTemplate {
		variables = Map.copyOf(variables);
		mediaUrls = List.copyOf(mediaUrls);
	}

	/**
	 * A text alone, whose variables each message says.
	 * @param sid {@code HX…}
	 * @param body its text
	 */
	public ContentTemplate(String sid, String body) {
		this(sid, body, Map.of(), List.of());
	}

	/**
	 * Puts a message's variables in.
	 * @param given the message's variables; those that the template doesn't have are
	 * ignored
	 * @return the same with a text and media that have no variables any more
	 * @throws IllegalArgumentException if one is said neither by the message nor by the
	 * template
	 */
	public ContentTemplate render(Map<String, String> given) {
		TreeSet<String> missing = new TreeSet<>();
		String text = render(this.body, given, missing);
		List<String> media = this.mediaUrls.stream().map((url) -> render(url, given, missing)).toList();
		if (!missing.isEmpty()) {
			throw new IllegalArgumentException("No value for the variables " + missing);
		}
		return new ContentTemplate(this.sid, text, Map.of(), media);
	}

	private String render(String text, Map<String, String> given, TreeSet<String> missing) {
		return VARIABLE.matcher(text).replaceAll((found) -> {
			String name = found.group(1);
			String value = given.containsKey(name) ? given.get(name) : this.variables.get(name);
			if (value == null) {
				missing.add(name);
			}
			return Matcher.quoteReplacement((value != null) ? value : "");
		});
	}

}

package io.github.twiliospring.messaging.webhook;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Decodes {@code application/x-www-form-urlencoded} in UTF-8 (WHATWG URL Standard,
 * section 5.1), with every value of a repeated name and nothing trimmed.
 */
public final class FormParameters {

	private FormParameters() {
	}

	/**
	 * Decodes a form or a query.
	 * @param encoded the raw text, or {@code null}
	 * @param limit the most parameters that are allowed
	 * @return names and values in their order, unmodifiable
	 * @throws IllegalArgumentException if there are more, or an escape is broken; shows
	 * nothing of the text
	 */
	public static Map<String, List<String>> parse(@Nullable String encoded, int limit) {
		if (encoded == null || encoded.isEmpty()) {
			return Map.of();
		}
		Map<String, List<String>> parameters = new LinkedHashMap<>();
		int count = 0;
		int start = 0;
		while (start <= encoded.length()) {
			int end = encoded.indexOf('&', start);
			end = (end >= 0) ? end : encoded.length();
			if (end > start) {
				if (++count > limit) {
					throw new IllegalArgumentException("More than " + limit + " parameters");
				}
				int equals = encoded.indexOf('=', start);
				boolean hasValue = equals >= 0 && equals < end;
				String name = decode(encoded.substring(start, hasValue ? equals : end));
				String value = hasValue ? decode(encoded.substring(equals + 1, end)) : "";
				parameters.computeIfAbsent(name, (key) -> new ArrayList<>(1)).add(value);
			}
			start = end + 1;
		}
		return Collections.unmodifiableMap(parameters);
	}

	private static String decode(String text) {
		if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
			return text;
		}
		try {
			return URLDecoder.decode(text, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("A broken escape");
		}
	}

}

package io.github.twiliospring.messaging.simulator.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One request, read whole.
 *
 * @param method the method, upper case
 * @param path the raw path
 * @param rawQuery the raw query, empty without one
 * @param headers the headers, names in lower case; the values of one that came several
 * times are joined by commas
 * @param body the body as text, empty if it was cut off
 * @param isCutOff whether the body was too large to be read
 * @param isSecure whether it came over TLS
 */
public record Request(String method, String path, String rawQuery, Map<String, String> headers, String body,
		boolean isCutOff, boolean isSecure) {

	/**
	 * The same for what can only be read, where asking for the headers alone (HEAD) makes
	 * no difference.
	 * @return a GET for a HEAD, otherwise this
	 */
	public Request reading() {
		return "HEAD".equals(this.method)
				? new Request("GET", this.path, this.rawQuery, this.headers, this.body, this.isCutOff, this.isSecure)
				: this;
	}

	/**
	 * A header.
	 * @param name its name, in any case
	 * @return its value, or {@code null}
	 */
	public @Nullable String header(String name) {
		return this.headers.get(name.toLowerCase(Locale.ROOT));
	}

	/**
	 * The query's parameters.
	 * @return decoded
	 * @throws MalformedRequestException if an escape sequence is malformed
	 */
	public FormData query() {
		return FormData.parse(this.rawQuery);
	}

	/**
	 * The form's parameters.
	 * @return decoded
	 * @throws MalformedRequestException if it can't be read, or is something else
	 */
	public FormData form() {
		String type = header("content-type");
		if (type == null || this.body.isEmpty() || hasType(type, "application/x-www-form-urlencoded")) {
			return FormData.parse(this.body);
		}
		if (hasType(type, "multipart/form-data")) {
			return FormData.parseMultipart(type, this.body);
		}
		throw new MalformedRequestException(
				"The body has to be application/x-www-form-urlencoded or multipart/form-data, not " + type);
	}

	private static boolean hasType(String contentType, String type) {
		return contentType.regionMatches(true, 0, type, 0, type.length());
	}

	/**
	 * The path's parts.
	 * @return the texts between the slashes
	 */
	public List<String> segments() {
		return List.of(this.path.substring(this.path.startsWith("/") ? 1 : 0).split("/", -1));
	}

}

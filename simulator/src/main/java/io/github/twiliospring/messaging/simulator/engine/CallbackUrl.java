package io.github.twiliospring.messaging.simulator.engine;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A callback's address and the retry rules in its fragment: {@code rc} attempts after the
 * first, {@code rp} what is retried, {@code ct}, {@code rt} and {@code tt} the timeouts
 * for connecting, for the answer and for all attempts together. A value that can't be
 * read, or lies outside its range, counts as not given.
 *
 * @param address the URL as it's called and signed, without its fragment, user name and
 * password
 * @param credentials user name and password as they stand in the URL, escaped, or
 * {@code null}
 * @param retries attempts after the first
 * @param retryOn what is retried: {@code 4xx}, {@code 5xx}, {@code ct}, {@code rt},
 * {@code all}
 * @param connectTimeout for one connection
 * @param readTimeout for one answer
 * @param totalTimeout for all attempts together
 */
public record CallbackUrl(String address, @Nullable String credentials, int retries, Set<String> retryOn,
		Duration connectTimeout, Duration readTimeout, Duration totalTimeout) {

	private static final Pattern PROTECTED = Pattern.compile("(https?://)([^/?#@]*)@(.*)",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final Set<String> KINDS = Set.of("4xx", "5xx", "ct", "rt", "all");

	/** Reads an address with its fragment. */
	static CallbackUrl parse(String url) {
		int hash = url.indexOf('#');
		String address = ascii((hash >= 0) ? url.substring(0, hash) : url);
		Map<String, String> overrides = new HashMap<>();
		for (String pair : ((hash >= 0) ? url.substring(hash + 1) : "").split("&")) {
			int equals = pair.indexOf('=');
			if (equals > 0) {
				overrides.put(pair.substring(0, equals), pair.substring(equals + 1));
			}
		}
		Matcher matcher = PROTECTED.matcher(address);
		boolean isProtected = matcher.matches();
		return new CallbackUrl(isProtected ? matcher.group(1) + matcher.group(3) : address,
				isProtected ? matcher.group(2) : null, number(overrides, "rc", 0, 5, 1), policy(overrides.get("rp")),
				Duration.ofMillis(number(overrides, "ct", 100, 10000, 5000)),
				Duration.ofMillis(number(overrides, "rt", 100, 15000, 15000)),
				Duration.ofMillis(number(overrides, "tt", 100, 15000, 15000)));
	}

	/** The same with parameters in its query. */
	CallbackUrl with(Map<String, String> parameters) {
		char separator = (this.address.indexOf('?') < 0) ? '?' : '&';
		return new CallbackUrl(this.address + separator + encode(parameters), this.credentials, this.retries,
				this.retryOn, this.connectTimeout, this.readTimeout, this.totalTimeout);
	}

	/**
	 * What the page and the control API show of a URL: no user name and no password.
	 * @param url the URL, or {@code null}
	 * @return the URL without both, or {@code null}
	 */
	public static @Nullable String shown(@Nullable String url) {
		return (url != null) ? PROTECTED.matcher(url).replaceFirst("$1$3") : null;
	}

	@Override
	public String toString() {
		return "CallbackUrl[" + this.address + "]";
	}

	/** The address with user name and password, where a relative one begins. */
	String base() {
		return (this.credentials != null)
				? this.address.replaceFirst("://", "$0" + Matcher.quoteReplacement(this.credentials + "@"))
				: this.address;
	}

	/**
	 * Whether the rules repeat what ended like this, as far as attempts and time are
	 * left.
	 */
	boolean repeats(CallbackAttempt attempt) {
		String kind = attempt.failureKind();
		return kind != null && (this.retryOn.contains("all") || this.retryOn.contains(kind));
	}

	/**
	 * Writes a form.
	 * @param form the parameters, in order
	 * @return as it stands in a body or a query
	 */
	public static String encode(Map<String, String> form) {
		return form.entrySet()
			.stream()
			.map((entry) -> URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8) + "="
					+ URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&"));
	}

	/** A request line takes nothing else. */
	private static String ascii(String url) {
		StringBuilder ascii = new StringBuilder(url.length());
		url.codePoints()
			.forEach((character) -> ascii.append((character < 0x80) ? Character.toString(character)
					: URLEncoder.encode(Character.toString(character), StandardCharsets.UTF_8)));
		return ascii.toString();
	}

	private static int number(Map<String, String> overrides, String name, int from, int to, int fallback) {
		String value = overrides.getOrDefault(name, "");
		if (!value.matches("\\d{1,5}")) {
			return fallback;
		}
		int number = Integer.parseInt(value);
		return (number >= from && number <= to) ? number : fallback;
	}

	private static Set<String> policy(@Nullable String value) {
		if (value == null) {
			return Set.of("ct");
		}
		Set<String> kinds = new HashSet<>(List.of(value.split(",")));
		kinds.retainAll(KINDS);
		return kinds.isEmpty() ? Set.of("ct") : Set.copyOf(kinds);
	}

}

package io.github.twiliospring.messaging;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.github.twiliospring.messaging.message.MessageQuery;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * The paths of the API below one account (API page, "Message resource"). Nothing else
 * knows them. The SIDs that it's given have been checked.
 */
final class ApiPaths {

	private static final String ACCOUNTS = "/2010-04-01/Accounts/";

	private static final String TEMPLATE = ACCOUNTS + "{AccountSid}";

	private static final String MESSAGES = "/Messages.json";

	private final String origin;

	private final String account;

	// The send's is always the same.
	private final Target messages;

	/**
	 * Begins at an account.
	 * @param baseUrl scheme, host and port, and the path prefix of a gateway if there is
	 * one
	 * @param accountSid the account in the path
	 */
	ApiPaths(URI baseUrl, String accountSid) {
		String base = baseUrl.toString();
		this.origin = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
		this.account = accountSid;
		this.messages = target(MESSAGES, MESSAGES);
	}

	ApiPaths forAccount(String accountSid) {
		return new ApiPaths(URI.create(this.origin), accountSid);
	}

	String accountSid() {
		return this.account;
	}

	Target messages() {
		return this.messages;
	}

	Target messages(MessageQuery query) {
		StringBuilder path = new StringBuilder(MESSAGES).append("?PageSize=").append(query.pageSize());
		add(path, "To", query.to());
		add(path, "From", query.from());
		add(path, "DateSent", query.sentOn());
		// The API's dates have whole seconds; rounded so that nothing falls out.
		add(path, "DateSent%3E", wholeSeconds(query.sentSince(), Duration.ZERO));
		add(path, "DateSent%3C", wholeSeconds(query.sentUntil(), Duration.ofNanos(999_999_999)));
		return target(path.toString(), MESSAGES);
	}

	Target message(String sid) {
		return target("/Messages/" + sid + ".json", "/Messages/{Sid}.json");
	}

	Target feedback(String sid) {
		return target("/Messages/" + sid + "/Feedback.json", "/Messages/{Sid}/Feedback.json");
	}

	Target media(String sid) {
		return target("/Messages/" + sid + "/Media.json", "/Messages/{Sid}/Media.json");
	}

	Target medium(String sid, String mediaSid) {
		return target("/Messages/" + sid + "/Media/" + mediaSid + ".json", "/Messages/{Sid}/Media/{MediaSid}.json");
	}

	Target content(String sid, String mediaSid) {
		return target("/Messages/" + sid + "/Media/" + mediaSid, "/Messages/{Sid}/Media/{MediaSid}");
	}

	/**
	 * The page that a list's answer names as the next one: more of the same list at this
	 * API, whatever host, gateway's prefix and path it names.
	 * @param page the page that was answered
	 * @throws URISyntaxException if it has no query: that would be the whole list, from
	 * its beginning
	 */
	static Target next(Target page, String nextPageUri) throws URISyntaxException {
		URI uri = new URI(nextPageUri);
		if (uri.getRawQuery() == null) {
			throw new URISyntaxException("", "no page");
		}
		return new Target(new URI(page.shown() + "?" + uri.getRawQuery()), TEMPLATE + "/{next_page_uri}", page.shown());
	}

	/**
	 * Whether a URL is at the API's own host.
	 */
	boolean isAtTheApi(URI uri) {
		URI api = this.messages.uri();
		return String.valueOf(api.getScheme()).equalsIgnoreCase(uri.getScheme())
				&& String.valueOf(api.getRawAuthority()).equalsIgnoreCase(uri.getRawAuthority());
	}

	private Target target(String path, String template) {
		int query = path.indexOf('?');
		URI shown = URI.create(this.origin + ACCOUNTS + this.account + ((query < 0) ? path : path.substring(0, query)));
		return new Target((query < 0) ? shown : URI.create(this.origin + ACCOUNTS + this.account + path),
				TEMPLATE + template, shown);
	}

	private static @Nullable Instant wholeSeconds(@Nullable Instant instant, Duration rounding) {
		return (instant != null) ? instant.plus(rounding).truncatedTo(ChronoUnit.SECONDS) : null;
	}

	private static void add(StringBuilder path, String name, @Nullable Object value) {
		if (value != null) {
			path.append('&').append(name).append('=').append(UriUtils.encode(value.toString(), StandardCharsets.UTF_8));
		}
	}

	/**
	 * Where a request goes.
	 *
	 * @param uri the URL, which may hold a number in its query, or be what an answer
	 * named
	 * @param template what observations call it
	 * @param shown the URL that observations get: our own, without a query
	 */
	record Target(URI uri, String template, URI shown) {

		/**
		 * Where an answer says that it is, which is shown to nobody.
		 */
		Target movedTo(URI location) {
			return new Target(location, this.template, this.shown);
		}

		@Override
		public String toString() {
			return this.template;
		}

	}

}

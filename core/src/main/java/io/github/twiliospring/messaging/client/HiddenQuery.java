package io.github.twiliospring.messaging.client;

import java.net.URI;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The query of a request, which may hold a phone number or the signature of a medium's
 * URL. It travels in the Reactor context and is put back as late as possible, so that no
 * log line, span or filter on the way sees it: at the connector, or, with Reactor Netty,
 * in the connection's pipeline.
 *
 * @param rawPath the encoded path that it belongs to; to another path it isn't taken, and
 * nothing is sent
 * @param rawQuery the encoded query
 */
record HiddenQuery(String rawPath, String rawQuery) {

	@Override
	public String toString() {
		return "HiddenQuery[…]";
	}

	static Context hide(URI uri, Context context) {
		String query = uri.getRawQuery();
		return (query != null) ? context.put(HiddenQuery.class, new HiddenQuery(uri.getRawPath(), query))
				: context.delete(HiddenQuery.class);
	}

	static URI without(URI uri) {
		String text = uri.toString();
		int query = text.indexOf('?');
		return (query < 0) ? uri : URI.create(text.substring(0, query));
	}

	/**
	 * The query of a request, if it has a hidden one.
	 * @param uri where the request goes, without it
	 * @param context carries it
	 * @return the query, or {@code null}
	 */
	static @Nullable HiddenQuery of(URI uri, ContextView context) {
		HiddenQuery hidden = context.getOrDefault(HiddenQuery.class, null);
		if (hidden != null && !uri.getRawPath().endsWith(hidden.rawPath())) {
			// Without its query, a list would be everybody's.
			throw new IllegalStateException("A filter sent a request with a query to another path; filters may change"
					+ " scheme, host and what stands before the path");
		}
		return hidden;
	}

	/**
	 * Joins a URI and this query.
	 * @param uri a URI, or its path and query
	 * @return the same with this query behind its own
	 */
	String restore(String uri) {
		return uri + ((uri.indexOf('?') < 0) ? "?" : "&") + this.rawQuery;
	}

}

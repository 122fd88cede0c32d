package io.github.twiliospring.messaging.simulator.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * One answer: bytes, or a stream of events.
 *
 * @param status the HTTP status
 * @param headers the headers, in order
 * @param body the body, empty without one
 * @param events the texts of a stream of server-sent events, or {@code null}
 * @param disruption what goes wrong with it on the way, or {@code null}
 */
public record Response(int status, Map<String, String> headers, byte[] body, @Nullable Publisher<String> events,
		@Nullable Disruption disruption) {

	/**
	 * An answer without a body.
	 * @param status the HTTP status
	 * @return the answer
	 */
	public static Response empty(int status) {
		return new Response(status, Map.of(), new byte[0], null, null);
	}

	/**
	 * An answer with a body.
	 * @param status the HTTP status
	 * @param contentType its type
	 * @param body the body
	 * @return the answer
	 */
	public static Response of(int status, String contentType, byte[] body) {
		return new Response(status, Map.of("Content-Type", contentType), body, null, null);
	}

	/**
	 * An answer with a text.
	 * @param status the HTTP status
	 * @param text the body
	 * @return the answer
	 */
	public static Response text(int status, String text) {
		return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * A stream of events that ends when the client leaves.
	 * @param events each event as it stands on the wire
	 * @return the answer
	 */
	public static Response stream(Publisher<String> events) {
		// Proxies would collect it: nginx by its default, those that compress by blocks.
		return new Response(200, Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store, no-transform",
				"X-Accel-Buffering", "no"), new byte[0], events, null);
	}

	/**
	 * The body as text.
	 * @return UTF-8 decoded
	 */
	public String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/**
	 * The same without its body, as the answer to a request for the headers alone.
	 * @return the answer
	 */
	public Response withoutBody() {
		Response described = (this.events != null) ? this : with("Content-Length", Integer.toString(this.body.length));
		return new Response(this.status, described.headers, new byte[0], null, this.disruption);
	}

	/**
	 * The same with another header.
	 * @param name the header
	 * @param value its value
	 * @return the answer
	 */
	public Response with(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(name, value);
		return new Response(this.status, more, this.body, this.events, this.disruption);
	}

	/**
	 * The same, going wrong on its way.
	 * @param what what goes wrong
	 * @return the answer
	 */
	public Response disrupted(Disruption what) {
		return new Response(this.status, this.headers, this.body, this.events, what);
	}

	/**
	 * What goes wrong with an answer.
	 *
	 * @param kind how
	 * @param delay how long before, in real time
	 */
	public record Disruption(Kind kind, Duration delay) {

		/**
		 * How an answer goes wrong.
		 */
		public enum Kind {

			/** It's only late. */
			LATE,

			/** The connection is reset instead. */
			RESET,

			/** It breaks off in its middle. */
			TRUNCATED,

			/** It never comes. */
			HANG

		}

	}

}

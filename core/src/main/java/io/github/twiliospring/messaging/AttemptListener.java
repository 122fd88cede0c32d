package io.github.twiliospring.messaging;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatusCode;

/**
 * Hears what became of each attempt at the connection, before any filter makes something
 * else of it: for health, a circuit breaker or a dashboard. Costs less than a filter,
 * which gets request and answer as objects of its own. Has to be thread-safe.
 *
 * @see MessagingTemplateBuilder#attemptListener
 */
@FunctionalInterface
public interface AttemptListener {

	/**
	 * An attempt has ended. Called on the connector's thread, so it may not block; what
	 * it throws is logged by its type and changes nothing. An attempt that is canceled,
	 * or whose time is over, before an answer came isn't heard of.
	 * @param url where it went, without a query
	 * @param status the answer's status, or {@code null} where none came
	 * @param failure the simple name of the exception that ended it, or {@code null}
	 * where an answer came
	 */
	void attempted(URI url, @Nullable HttpStatusCode status, @Nullable String failure);

}

package io.github.twiliospring.messaging.client;

import java.lang.reflect.Field;
import java.net.http.HttpClient;

import org.jspecify.annotations.Nullable;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.util.ReflectionUtils;

/**
 * Whether an answer to a change may be that of another URL, to which the API redirected
 * after it had made the change: a refusal there is no refusal of the change.
 */
enum Redirects {

	/** An answer is that of the request. */
	NEVER,

	/** Nothing says whether the connector follows redirects. */
	PERHAPS,

	/** The connector follows redirects. */
	FOLLOWED;

	/**
	 * What a connector other than Reactor Netty's does.
	 * @param connector the connector
	 * @return {@link #PERHAPS} for any but the JDK's
	 */
	static Redirects of(ClientHttpConnector connector) {
		HttpClient client = (connector instanceof JdkClientHttpConnector) ? client(connector) : null;
		if (client == null) {
			return PERHAPS;
		}
		return (client.followRedirects() == HttpClient.Redirect.NEVER) ? NEVER : FOLLOWED;
	}

	// Nothing but the field knows. Where it can't be read, as in a native image, it's
	// unknown.
	private static @Nullable HttpClient client(ClientHttpConnector connector) {
		try {
			Field field = ReflectionUtils.findField(JdkClientHttpConnector.class, null, HttpClient.class);
			if (field == null) {
				return null;
			}
			ReflectionUtils.makeAccessible(field);
			return (HttpClient) ReflectionUtils.getField(field, connector);
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/**
	 * What an outcome proves.
	 */
	<T> Outcome<T> judge(Operation operation, Outcome<T> outcome) {
		Operation.Repeatability repeatability = operation.repeatability();
		if (this == NEVER || repeatability == Operation.Repeatability.READ
				|| !(outcome instanceof Outcome.Rejected<T> rejected)) {
			return outcome;
		}
		if (this == PERHAPS) {
			if (repeatability != Operation.Repeatability.NEVER_ON_DOUBT) {
				return outcome;
			}
			if (!AnswerReader.isUnavailable(rejected.error())) {
				return rejected.once();
			}
			// Ends as "not sent", by which an application may send it again.
		}
		return new Outcome.Unknown<>("a refusal from a connector that may follow redirects: " + rejected.error(),
				rejected.error(), null, null);
	}

}

package io.github.twiliospring.messaging.simulator.callback;

import java.net.ConnectException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;

/**
 * Says in a person's words why the application gave no answer.
 */
final class FailureReason {

	private FailureReason() {
	}

	/**
	 * What to tell.
	 * @param error what a client met
	 * @param authority scheme, host and port that it called
	 */
	static String of(Throwable error, String authority) {
		String place = authority.replaceFirst(".*[/@]", "");
		if (error instanceof ConnectTimeoutException) {
			return "No connection to " + place + " in time";
		}
		if (error instanceof ConnectException) {
			return "Nothing listens at " + place;
		}
		if (error instanceof UnknownHostException) {
			return "There is no host named " + place.replaceFirst(":\\d+$", "");
		}
		if (error instanceof SSLException) {
			return "No TLS connection to " + place + ": " + error.getMessage();
		}
		if (error instanceof DecoderException || error instanceof IllegalArgumentException) {
			Throwable cause = error.getCause();
			return (cause instanceof SSLException) ? of(cause, authority)
					: "What came back from " + place + " isn't HTTP";
		}
		String message = error.getMessage();
		if (message == null) {
			return "No answer from " + place;
		}
		return message.contains("reset") ? "The connection was reset before the answer had ended" : message;
	}

}

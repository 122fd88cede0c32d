package io.github.twiliospring.messaging.client;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Takes from a failure what a parser quotes of an answer that is no HTTP: a peer that
 * echoes what it's sent would show a number or a text.
 */
final class Quotations {

	private static final int DEEPEST = 20;

	private static final List<String> PARSERS = List.of("io.netty.handler.codec.", "org.apache.hc.core5.http.",
			"org.eclipse.jetty.");

	private Quotations() {
	}

	/**
	 * The same failure without quotations.
	 * @param failure a failure after a request was handed over
	 * @return the failure itself, or a copy that names types and places only, down to the
	 * deepest cause that quotes
	 */
	static Throwable removed(Throwable failure) {
		return removed(failure, 0);
	}

	private static Throwable removed(Throwable failure, int depth) {
		Throwable cause = failure.getCause();
		Throwable cleaned = (cause != null && depth < DEEPEST) ? removed(cause, depth + 1) : null;
		if (cleaned == cause && !quotes(failure)) {
			return failure;
		}
		IOException copy = new IOException(failure.getClass().getName(), cleaned);
		copy.setStackTrace(failure.getStackTrace());
		return copy;
	}

	private static boolean quotes(Throwable failure) {
		if (failure instanceof ProtocolException || failure instanceof NumberFormatException
				|| isOfAParser(failure.getClass().getName())) {
			return true;
		}
		if (failure.getClass() == IOException.class) {
			// The JDK's client says what it was reading.
			return holds(failure.getMessage(), '[') || holds(failure.getMessage(), '"');
		}
		return failure instanceof IllegalArgumentException
				&& Arrays.stream(failure.getStackTrace()).anyMatch((frame) -> isOfAParser(frame.getClassName()));
	}

	private static boolean isOfAParser(String className) {
		return PARSERS.stream().anyMatch(className::startsWith);
	}

	private static boolean holds(@Nullable String message, char character) {
		return message != null && message.indexOf(character) >= 0;
	}

}

package io.github.twiliospring.messaging.client;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Takes from a failure what a parser quotes of an answer that is no HTTP: a peer that
 * echoes what it's sent would show a number or a text.
 */
final class Quotations {

	private static final int DEEPEST = 20;

	private Quotations() {
	}

	/**
	 * The same failure without quotations.
	 * @param failure a failure after a request was handed over
	 * @return the failure itself, or a copy of it and its causes that names types and
	 * places only
	 */
	static Throwable removed(Throwable failure) {
		int depth = 0;
		for (Throwable each = failure; each != null && depth < DEEPEST; each = each.getCause()) {
			if (quotes(each)) {
				return copy(failure, 0);
			}
			depth++;
		}
		return failure;
	}

	private static Throwable copy(Throwable failure, int depth) {
		Throwable cause = failure.getCause();
		IOException copy = new IOException(failure.getClass().getName(),
				(cause != null && depth < DEEPEST) ? copy(cause, depth + 1) : null);
		copy.setStackTrace(failure.getStackTrace());
		return copy;
	}

	private static boolean quotes(Throwable failure) {
		if (failure instanceof ProtocolException || failure instanceof NumberFormatException
				|| isNettys(failure.getClass().getName())) {
			return true;
		}
		if (failure.getClass() == IOException.class) {
			// The JDK's client says what it was reading.
			return holds(failure.getMessage(), '[') || holds(failure.getMessage(), '"');
		}
		return failure instanceof IllegalArgumentException
				&& Arrays.stream(failure.getStackTrace()).anyMatch((frame) -> isNettys(frame.getClassName()));
	}

	private static boolean isNettys(String className) {
		return className.startsWith("io.netty.handler.codec.");
	}

	private static boolean holds(@Nullable String message, char character) {
		return message != null && message.indexOf(character) >= 0;
	}

}

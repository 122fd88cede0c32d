package io.github.twiliospring.messaging;

import java.io.IOException;

/**
 * A failure of another library by its types and place: what it says may quote a peer that
 * echoes numbers and texts.
 */
@SuppressWarnings("serial")
final class NamedFailure extends IOException {

	// Codecs, TLS and proxies quote what a peer sent, even before anything is written.
	private static final String QUOTING = "io.netty.handler.";

	private final String type;

	private NamedFailure(Throwable failure) {
		super(failure.getClass().getName());
		this.type = failure.getClass().getSimpleName();
		setStackTrace(failure.getStackTrace());
		Throwable cause = failure.getCause();
		if (cause != null && cause != failure) {
			initCause(new IOException(cause.getClass().getName()));
		}
	}

	/**
	 * Names a failure that came after a request was written.
	 */
	static NamedFailure of(Throwable failure) {
		return (failure instanceof NamedFailure named) ? named : new NamedFailure(failure);
	}

	/**
	 * A failure that came before anything was written, named only where it quotes a peer:
	 * what it says of hosts and certificates is needed to mend it.
	 */
	static Throwable unlessOurs(Throwable failure) {
		Throwable link = failure;
		// Ten are more than any failure has, and end a circle.
		for (int i = 0; i < 10 && link != null; i++) {
			if (link.getClass().getName().startsWith(QUOTING)) {
				return of(failure);
			}
			link = link.getCause();
		}
		return failure;
	}

	/**
	 * The simple name of a failure's type, whether it's named or itself.
	 */
	static String typeOf(Throwable failure) {
		return (failure instanceof NamedFailure named) ? named.type : failure.getClass().getSimpleName();
	}

}

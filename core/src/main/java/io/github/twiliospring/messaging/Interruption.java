package io.github.twiliospring.messaging;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * That the thread which waits for a call was interrupted. Travels to the call in its
 * Reactor context and ends it at once, with what is known by then: merely canceled, a
 * call couldn't tell whether its request went out. Thread-safe.
 */
final class Interruption {

	private final Sinks.Empty<Void> signal = Sinks.empty();

	private volatile @Nullable InterruptedException cause;

	/**
	 * What may interrupt the call of a context.
	 * @return it, or {@code null} where no thread waits
	 */
	static @Nullable Interruption of(ContextView context) {
		return context.getOrDefault(Interruption.class, null);
	}

	Context enter(Context context) {
		return context.put(Interruption.class, this);
	}

	/**
	 * Ends the call, on the thread that was interrupted.
	 */
	void interrupt(InterruptedException cause) {
		if (this.cause == null) {
			this.cause = cause;
			this.signal.tryEmitEmpty();
		}
	}

	/**
	 * The interruption.
	 * @return it, or {@code null} while there was none
	 */
	@Nullable InterruptedException cause() {
		return this.cause;
	}

	/**
	 * Ends with the interruption.
	 */
	Mono<Void> signal() {
		return this.signal.asMono();
	}

}

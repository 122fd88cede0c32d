package io.github.twiliospring.messaging;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.twiliospring.messaging.error.MessagingException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Signal;
import reactor.util.context.Context;

/**
 * A thread that waits for one element after the other, and demands each only when it's
 * asked for. Begins with the first. Used by one thread at a time, but for
 * {@link #close()}.
 *
 * @param <T> the elements
 */
final class Waiter<T> extends BaseSubscriber<T> implements AutoCloseable {

	// A thread's current observation is the same whichever registry is asked: so has
	// Micrometer's own ObservationThreadLocalAccessor one to ask.
	private static final ObservationRegistry OBSERVATIONS = ObservationRegistry.create();

	private final Publisher<T> source;

	private final Consumer<? super T> discard;

	private final GivingUp givingUp;

	private final Interruption interruption = new Interruption();

	// At most an element, an end and a closing. Whoever adds one may be an event loop,
	// which a queue with locks would let wait for the thread that takes.
	private final Queue<Signal<T>> signals = new ConcurrentLinkedQueue<>();

	private final Semaphore present = new Semaphore(0);

	private boolean begun;

	private volatile boolean ended;

	// Told again at each further wait: the end would look like that of all elements.
	private volatile @Nullable Throwable failure;

	/**
	 * Waits for the elements of a source.
	 * @param source the source
	 * @param discard takes an element that nobody waits for any more
	 * @param givingUp what becomes of a call that doesn't end when its thread is
	 * interrupted
	 */
	Waiter(Publisher<T> source, Consumer<? super T> discard, GivingUp givingUp) {
		this.source = source;
		this.discard = discard;
		this.givingUp = givingUp;
	}

	/**
	 * Waits for an element.
	 * @return the element, or {@code null} after the last, and once closed
	 */
	@Nullable T next() {
		if (this.ended) {
			return end();
		}
		if (this.begun) {
			request(1);
		}
		else {
			this.begun = true;
			begin();
		}
		Signal<T> signal = await();
		if (signal.isOnNext()) {
			return signal.get();
		}
		if (signal.isOnError()) {
			this.failure = signal.getThrowable();
		}
		this.ended = true;
		// For another thread that waits, though only one at a time should.
		add(Signal.complete());
		return end();
	}

	private @Nullable T end() {
		Throwable failure = this.failure;
		if (failure != null) {
			showCaller(failure);
			throw unchecked(failure);
		}
		return null;
	}

	// A failure is made on another thread. One that's the same each time shows the first
	// who waited, and doesn't grow.
	private static void showCaller(Throwable failure) {
		for (Throwable suppressed : failure.getSuppressed()) {
			if (suppressed instanceof CallerException) {
				return;
			}
		}
		failure.addSuppressed(new CallerException());
	}

	/**
	 * Stops. A thread that waits meanwhile finds the end. May be called on any thread.
	 */
	@Override
	public void close() {
		this.ended = true;
		cancel();
		drain();
	}

	private void begin() {
		if (Thread.currentThread().isInterrupted()) {
			this.interruption.interrupt(new InterruptedException());
		}
		Observation observation = OBSERVATIONS.getCurrentObservation();
		Flux.from(this.source)
			.contextWrite((context) -> enter(context, observation))
			// What else belongs to the caller's thread, where the library for it is
			// there.
			.contextCapture()
			.subscribe(this);
	}

	private Context enter(Context context, @Nullable Observation observation) {
		Context entered = this.interruption.enter(context);
		return (observation == null || context.hasKey(ObservationThreadLocalAccessor.KEY)) ? entered
				: entered.put(ObservationThreadLocalAccessor.KEY, observation);
	}

	private Signal<T> await() {
		// Whoever is interrupted still gets what is there already.
		if (this.present.tryAcquire()) {
			return this.signals.remove();
		}
		try {
			this.present.acquire();
			return this.signals.remove();
		}
		catch (InterruptedException ex) {
			this.interruption.interrupt(ex);
			return awaitEnd(ex);
		}
	}

	private Signal<T> awaitEnd(InterruptedException interrupted) {
		long end = System.nanoTime() + this.givingUp.patience().toNanos();
		Signal<T> signal = poll();
		while (signal == null && end - System.nanoTime() > 0) {
			try {
				if (this.present.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
					signal = this.signals.remove();
				}
			}
			catch (InterruptedException again) {
				// It's over in a moment.
			}
		}
		Thread.currentThread().interrupt();
		if (signal == null) {
			close();
			return Signal.error(this.givingUp.failure().apply(interrupted));
		}
		return signal;
	}

	private void add(Signal<T> signal) {
		this.signals.add(signal);
		this.present.release();
	}

	private @Nullable Signal<T> poll() {
		return this.present.tryAcquire() ? this.signals.remove() : null;
	}

	private void drain() {
		Signal<T> signal = poll();
		while (signal != null) {
			T element = signal.get();
			if (element != null) {
				this.discard.accept(element);
			}
			signal = poll();
		}
		add(Signal.complete());
	}

	private static RuntimeException unchecked(Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		return Exceptions.propagate(failure);
	}

	@Override
	protected void hookOnSubscribe(Subscription subscription) {
		request(1);
	}

	@Override
	protected void hookOnNext(T element) {
		add(Signal.next(element));
		if (this.ended) {
			drain();
		}
	}

	@Override
	protected void hookOnComplete() {
		add(Signal.complete());
	}

	@Override
	protected void hookOnError(Throwable failure) {
		add(Signal.error(failure));
	}

	/**
	 * What becomes of a call that doesn't end when its thread is interrupted. Calls do,
	 * on that very thread; the bytes of a medium don't, nor does what an application puts
	 * around its calls.
	 *
	 * @param patience how long its end is waited for
	 * @param failure what is thrown then
	 */
	record GivingUp(Duration patience, Function<InterruptedException, MessagingException> failure) {

	}

	/**
	 * Shows who waited.
	 */
	@SuppressWarnings("serial")
	private static final class CallerException extends Exception {

		CallerException() {
			super("The call was made here");
		}

	}

}

package io.github.twiliospring.messaging.simulator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a callback, and repeats it by the rules of its URL's fragment. The network's own
 * timeouts run in real time, since the application answers in real time; the pause
 * between two attempts runs on the simulator's clock.
 */
final class CallbackSender {

	private static final Logger logger = LoggerFactory.getLogger(CallbackSender.class);

	// Nobody reads what follows; TwiML is read, and kept, whole.
	private static final int KEPT_BODY = 2048;

	private static final int REMEMBERED_FAILURES = 100;

	private final World world;

	private final Webhooks webhooks;

	private final Duration retryPause;

	private final Set<String> failing = new HashSet<>();

	private int underWay;

	// What was sent before a reset doesn't count any more, kept in the log or not.
	private int generation;

	CallbackSender(World world, Webhooks webhooks) {
		this.world = world;
		this.webhooks = webhooks;
		this.retryPause = world.settings().manners().callbackRetryPause();
	}

	boolean isIdle() {
		return this.underWay == 0;
	}

	void reset() {
		this.underWay = 0;
		this.generation++;
	}

	void drop(Callback callback) {
		if (callback.state() == Callback.State.PENDING) {
			this.underWay--;
		}
		callback.setState(Callback.State.DROPPED);
	}

	void send(Callback callback, Runnable whenDone) {
		this.underWay++;
		attempt(new Run(callback, this.generation, 1, Duration.ZERO, whenDone));
	}

	private void attempt(Run run) {
		Callback callback = run.callback;
		CallbackUrl url = callback.request().url();
		Instant at = this.world.now();
		Duration left = url.totalTimeout().minus(run.spent);
		Duration readTimeout = (left.compareTo(url.readTimeout()) < 0) ? left : url.readTimeout();
		callback.setState(Callback.State.PENDING);
		this.world.changed(callback);
		this.world.schedule().afterwards((back) -> {
			long start = System.nanoTime();
			this.webhooks.call(callback.request(), readTimeout, (answer) -> {
				Duration took = Duration.ofNanos(System.nanoTime() - start);
				back.execute(() -> answered(run, at, took, answer));
			});
		});
	}

	private void answered(Run run, Instant at, Duration took, WebhookAnswer answer) {
		Callback callback = run.callback;
		if (callback.state() == Callback.State.DROPPED || run.generation != this.generation) {
			return;
		}
		CallbackAttempt attempt = new CallbackAttempt(callback.attempts().size() + 1, at, took,
				callback.isStatus() ? answer.shortened(KEPT_BODY) : answer);
		callback.attempts().add(attempt);
		if (attempt.succeeded() && !attempt.isAnswered()) {
			callback.note("The answer leads to another address, which isn't followed");
		}
		CallbackUrl url = callback.request().url();
		Duration spent = run.spent.plus(took);
		boolean again = url.repeats(attempt) && run.number <= url.retries()
				&& spent.plus(this.retryPause).compareTo(url.totalTimeout()) < 0;
		if (!again) {
			this.underWay--;
			callback.setState(attempt.succeeded() ? Callback.State.DELIVERED : Callback.State.FAILED);
			warnOfFailures(callback, attempt);
			run.whenDone.run();
			this.world.changed(callback);
		}
		else if (this.retryPause.isZero()) {
			attempt(run.next(spent));
		}
		else {
			pause(run.next(spent.plus(this.retryPause)));
		}
	}

	/** Once for each address until it takes one again: there may be thousands. */
	private void warnOfFailures(Callback callback, CallbackAttempt attempt) {
		String address = callback.request().url().address().replaceAll("\\?.*", "");
		if (attempt.succeeded()) {
			this.failing.remove(address);
		}
		else if (this.failing.size() < REMEMBERED_FAILURES && this.failing.add(address)) {
			Integer status = attempt.answer().status();
			logger.warn("Callbacks to {} fail ({}); more failures there aren't logged until one succeeds", address,
					(status != null) ? status : attempt.answer().failure());
		}
	}

	private void pause(Run next) {
		this.underWay--;
		Callback callback = next.callback;
		callback.setState(Callback.State.DELAYED);
		this.world.changed(callback);
		this.world.schedule().at(this.world.now().plus(this.retryPause), () -> {
			if (callback.state() == Callback.State.DELAYED) {
				this.underWay++;
				attempt(next);
			}
		});
	}

	/** One sending with its repetitions. */
	private record Run(Callback callback, int generation, int number, Duration spent, Runnable whenDone) {

		Run next(Duration spentSoFar) {
			return new Run(this.callback, this.generation, this.number + 1, spentSoFar, this.whenDone);
		}

	}

}

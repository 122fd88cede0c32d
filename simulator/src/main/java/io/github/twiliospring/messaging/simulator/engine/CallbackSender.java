package io.github.twiliospring.messaging.simulator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

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

	// With what tells that nobody wants the answer any more, kept in the log or not.
	private final Map<Callback, CompletableFuture<Void>> underWay = new LinkedHashMap<>();

	CallbackSender(World world, Webhooks webhooks) {
		this.world = world;
		this.webhooks = webhooks;
		this.retryPause = world.settings().manners().callbackRetryPause();
	}

	boolean isIdle() {
		return this.underWay.isEmpty();
	}

	void reset() {
		List<CompletableFuture<Void>> unwanted = new ArrayList<>(this.underWay.values());
		// The latest first: one that has begun would make room for one that waits.
		Collections.reverse(unwanted);
		unwanted.forEach(this::giveUp);
		this.underWay.clear();
	}

	void drop(Callback callback) {
		CompletableFuture<Void> givenUp = this.underWay.remove(callback);
		if (givenUp != null) {
			giveUp(givenUp);
		}
		callback.setState(Callback.State.DROPPED);
	}

	/** Outside of the world, since it may let another one begin. */
	private void giveUp(CompletableFuture<Void> unwanted) {
		this.world.schedule().afterwards((back) -> unwanted.complete(null));
	}

	void send(Callback callback, Runnable whenDone) {
		attempt(new Run(callback, begin(callback), 1, Duration.ZERO, whenDone));
	}

	private CompletableFuture<Void> begin(Callback callback) {
		CompletableFuture<Void> givenUp = new CompletableFuture<>();
		this.underWay.put(callback, givenUp);
		return givenUp;
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
			this.webhooks.call(callback.request(), readTimeout, run.givenUp, (answer) -> {
				Duration took = Duration.ofNanos(System.nanoTime() - start);
				back.execute(() -> answered(run, at, took, answer));
			});
		});
	}

	private void answered(Run run, Instant at, Duration took, WebhookAnswer answer) {
		Callback callback = run.callback;
		if (this.underWay.get(callback) != run.givenUp) {
			return;
		}
		CallbackAttempt attempt = new CallbackAttempt(callback.attempts().size() + 1, at, took,
				callback.isInbound() ? answer : answer.shortened(KEPT_BODY));
		callback.attempts().add(attempt);
		if (attempt.succeeded() && !attempt.isAnswered()) {
			callback.note("The answer leads to another address, which isn't followed");
		}
		CallbackUrl url = callback.request().url();
		Duration spent = run.spent.plus(took);
		boolean again = url.repeats(attempt) && run.number <= url.retries()
				&& spent.plus(this.retryPause).compareTo(url.totalTimeout()) < 0;
		if (!again) {
			this.underWay.remove(callback);
			callback.setState(attempt.succeeded() ? Callback.State.DELIVERED : Callback.State.FAILED);
			warnOfFailures(callback, attempt);
			run.whenDone.run();
			this.world.changed(callback);
		}
		else if (this.retryPause.isZero()) {
			attempt(run.next(spent));
		}
		else {
			pause(run, spent.plus(this.retryPause));
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

	private void pause(Run run, Duration spent) {
		Callback callback = run.callback;
		this.underWay.remove(callback);
		callback.setState(Callback.State.DELAYED);
		this.world.changed(callback);
		this.world.schedule().at(this.world.now().plus(this.retryPause), () -> {
			if (callback.state() == Callback.State.DELAYED) {
				attempt(new Run(callback, begin(callback), run.number + 1, spent, run.whenDone));
			}
		});
	}

	/** One sending with its repetitions. */
	private record Run(Callback callback, CompletableFuture<Void> givenUp, int number, Duration spent,
			Runnable whenDone) {

		Run next(Duration spentSoFar) {
			return new Run(this.callback, this.givenUp, this.number + 1, spentSoFar, this.whenDone);
		}

	}

}

package io.github.twiliospring.messaging.simulator.fault;

import java.time.Duration;

import io.github.twiliospring.messaging.simulator.network.Delays;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with calls of the Message API, or with callbacks. Immutable:
 * {@link #times}, {@link #share}, {@link #on} and {@link #account} return a narrower
 * fault.
 *
 * @param target what it happens to
 * @param kind what happens
 * @param status the HTTP status of {@link Kind#STATUS}
 * @param retryAfter the {@code Retry-After} header, or {@code null} for none
 * @param delay how long before: of a call in real time, of a callback on the simulator's
 * clock
 * @param scope how often, and whom
 */
public record Fault(Target target, Kind kind, int status, @Nullable String retryAfter, Duration delay,
		Scope scope) implements Scope.Scoped<Fault> {

	/**
	 * Checks that it makes sense.
	 * @param target what it happens to
	 * @param kind what happens
	 * @param status the HTTP status
	 * @param retryAfter the header, or {@code null}
	 * @param delay how long before
	 * @param scope how often, and whom
	 */
	public Fault {
		if (kind.target != null && kind.target != target) {
			throw new IllegalArgumentException("A fault of " + target + " can't be " + kind);
		}
		if (kind == Kind.STATUS && (status < 300 || status > 599)) {
			throw new IllegalArgumentException("A fault's status is 300 to 599, not " + status);
		}
		if (retryAfter != null && !retryAfter.matches("[ -~]{1,100}")) {
			throw new IllegalArgumentException("A Retry-After header is seconds, or a date as HTTP writes it");
		}
		if (target == Target.CALLBACKS
				&& (status != 0 || retryAfter != null || scope.share() != 1 || scope.method() != null)) {
			throw new IllegalArgumentException(
					"Status, Retry-After, share and method are for faults of the API, not of callbacks");
		}
		Delays.check(delay);
	}

	/**
	 * Answers a status in place of doing anything.
	 * @param status 300 to 599
	 * @return the fault, for every call
	 */
	public static Fault status(int status) {
		return new Fault(Target.API, Kind.STATUS, status, null, Duration.ZERO, Scope.ALL);
	}

	/**
	 * Does what's asked, and answers late.
	 * @param delay in real time
	 * @return the fault, for every call
	 */
	public static Fault delay(Duration delay) {
		return of(Target.API, Kind.DELAY).after(delay);
	}

	/**
	 * Resets the connection in place of doing anything.
	 * @return the fault, for every call
	 */
	public static Fault resetBefore() {
		return of(Target.API, Kind.RESET_BEFORE);
	}

	/**
	 * Does what's asked, and resets the connection in place of an answer.
	 * @return the fault, for every call
	 */
	public static Fault resetAfter() {
		return of(Target.API, Kind.RESET_AFTER);
	}

	/**
	 * Does what's asked, and breaks the answer off in its middle.
	 * @return the fault, for every call
	 */
	public static Fault truncate() {
		return of(Target.API, Kind.TRUNCATE);
	}

	/**
	 * Does what's asked, and never answers.
	 * @return the fault, for every call
	 */
	public static Fault hang() {
		return of(Target.API, Kind.HANG);
	}

	/**
	 * Holds callbacks back.
	 * @param delay on the simulator's clock
	 * @return the fault, for every callback
	 */
	public static Fault delayCallbacks(Duration delay) {
		return of(Target.CALLBACKS, Kind.DELAY).after(delay);
	}

	/**
	 * Sends callbacks a second time, once the first has been answered.
	 * @return the fault, for every callback
	 */
	public static Fault duplicateCallbacks() {
		return of(Target.CALLBACKS, Kind.DUPLICATE);
	}

	/**
	 * Sends a callback only after the next one of its message has been answered.
	 * @return the fault, for every callback
	 */
	public static Fault reorderCallbacks() {
		return of(Target.CALLBACKS, Kind.REORDER);
	}

	/**
	 * Never sends callbacks; a replay still does.
	 * @return the fault, for every callback
	 */
	public static Fault dropCallbacks() {
		return of(Target.CALLBACKS, Kind.DROP);
	}

	/**
	 * The same with a {@code Retry-After} header.
	 * @param header seconds, or a date as HTTP writes it
	 * @return the fault
	 */
	public Fault retryAfter(String header) {
		return new Fault(this.target, this.kind, this.status, header, this.delay, this.scope);
	}

	/**
	 * The same, after a while.
	 * @param more of a call in real time, of a callback on the simulator's clock
	 * @return the fault
	 */
	public Fault after(Duration more) {
		return new Fault(this.target, this.kind, this.status, this.retryAfter, more, this.scope);
	}

	/**
	 * The same for the next calls or callbacks only.
	 * @param next how many, at least 1
	 * @return the fault
	 */
	public Fault times(int next) {
		return in(this.scope.times(next));
	}

	/**
	 * The same for a share of the calls, decided by the simulator's seed.
	 * @param part from 0 to 1
	 * @return the fault
	 */
	public Fault share(double part) {
		return in(this.scope.share(part));
	}

	/**
	 * The same for one HTTP method: {@code POST} are creates and updates.
	 * @param method the method, upper case
	 * @return the fault
	 */
	public Fault on(String method) {
		return in(this.scope.method(method));
	}

	/**
	 * The same for one account.
	 * @param sid {@code AC…}
	 * @return the fault
	 */
	public Fault account(String sid) {
		return in(this.scope.account(sid));
	}

	@Override
	public Fault in(Scope other) {
		return new Fault(this.target, this.kind, this.status, this.retryAfter, this.delay, other);
	}

	private static Fault of(Target target, Kind kind) {
		return new Fault(target, kind, 0, null, Duration.ZERO, Scope.ALL);
	}

	/**
	 * What a fault happens to.
	 */
	public enum Target {

		/** Calls of the Message API. */
		API,

		/** Requests to the application. */
		CALLBACKS

	}

	/**
	 * What happens.
	 */
	public enum Kind {

		/** A call is answered with a status, and nothing is done. */
		STATUS(Target.API),

		/** A call is done and answered late, a callback is held back. */
		DELAY(null),

		/** The connection of a call is reset, and nothing is done. */
		RESET_BEFORE(Target.API),

		/** A call is done, and its connection is reset. */
		RESET_AFTER(Target.API),

		/** A call is done, and the answer breaks off. */
		TRUNCATE(Target.API),

		/** A call is done and never answered. */
		HANG(Target.API),

		/** A callback is sent twice. */
		DUPLICATE(Target.CALLBACKS),

		/** A callback is overtaken by the next one of its message. */
		REORDER(Target.CALLBACKS),

		/** A callback is never sent. */
		DROP(Target.CALLBACKS);

		private final @Nullable Target target;

		Kind(@Nullable Target target) {
			this.target = target;
		}

	}

}

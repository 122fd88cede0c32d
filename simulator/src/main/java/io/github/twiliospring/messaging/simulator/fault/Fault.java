package io.github.twiliospring.messaging.simulator.fault;

import java.time.Duration;

import io.github.twiliospring.messaging.simulator.engine.Delays;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with calls of the Message API. Immutable: {@link #times},
 * {@link #share}, {@link #on} and {@link #account} return a narrower fault.
 *
 * @param kind what happens
 * @param status the HTTP status of {@link Kind#STATUS}
 * @param retryAfter the {@code Retry-After} header, or {@code null} for none
 * @param delay how long before, in real time
 * @param scope which calls
 */
public record Fault(Kind kind, int status, @Nullable String retryAfter, Duration delay, Scope scope) {

	/**
	 * Checks the numbers.
	 * @param kind what happens
	 * @param status the HTTP status
	 * @param retryAfter the header, or {@code null}
	 * @param delay how long before
	 * @param scope which calls
	 */
	public Fault {
		if (kind == Kind.STATUS && (status < 300 || status > 599)) {
			throw new IllegalArgumentException("A fault's status is 300 to 599, not " + status);
		}
		Delays.check(delay);
	}

	/**
	 * Answers a status in place of doing anything.
	 * @param status 300 to 599
	 * @return the fault, for every call
	 */
	public static Fault status(int status) {
		return new Fault(Kind.STATUS, status, null, Duration.ZERO, Scope.ALL);
	}

	/**
	 * Does what's asked, and answers late.
	 * @param delay in real time
	 * @return the fault, for every call
	 */
	public static Fault delay(Duration delay) {
		return new Fault(Kind.DELAY, 0, null, delay, Scope.ALL);
	}

	/**
	 * Resets the connection in place of doing anything.
	 * @return the fault, for every call
	 */
	public static Fault resetBefore() {
		return new Fault(Kind.RESET_BEFORE, 0, null, Duration.ZERO, Scope.ALL);
	}

	/**
	 * Does what's asked, and resets the connection in place of an answer.
	 * @return the fault, for every call
	 */
	public static Fault resetAfter() {
		return new Fault(Kind.RESET_AFTER, 0, null, Duration.ZERO, Scope.ALL);
	}

	/**
	 * Does what's asked, and breaks the answer off in its middle.
	 * @return the fault, for every call
	 */
	public static Fault truncate() {
		return new Fault(Kind.TRUNCATE, 0, null, Duration.ZERO, Scope.ALL);
	}

	/**
	 * Does what's asked, and never answers.
	 * @return the fault, for every call
	 */
	public static Fault hang() {
		return new Fault(Kind.HANG, 0, null, Duration.ZERO, Scope.ALL);
	}

	/**
	 * The same with a {@code Retry-After} header.
	 * @param header seconds, or a date as HTTP writes it
	 * @return the fault
	 */
	public Fault retryAfter(String header) {
		return new Fault(this.kind, this.status, header, this.delay, this.scope);
	}

	/**
	 * The same, after a while.
	 * @param more in real time
	 * @return the fault
	 */
	public Fault after(Duration more) {
		return new Fault(this.kind, this.status, this.retryAfter, more, this.scope);
	}

	/**
	 * The same for the next calls only.
	 * @param calls how many, at least 1
	 * @return the fault
	 */
	public Fault times(int calls) {
		return in(new Scope(calls, this.scope.share(), this.scope.method(), this.scope.accountSid()));
	}

	/**
	 * The same for a share of the calls, decided by the simulator's seed.
	 * @param part from 0 to 1
	 * @return the fault
	 */
	public Fault share(double part) {
		return in(new Scope(this.scope.times(), part, this.scope.method(), this.scope.accountSid()));
	}

	/**
	 * The same for one HTTP method: {@code POST} are creates and updates.
	 * @param method the method, upper case
	 * @return the fault
	 */
	public Fault on(String method) {
		return in(new Scope(this.scope.times(), this.scope.share(), method, this.scope.accountSid()));
	}

	/**
	 * The same for one account.
	 * @param sid {@code AC…}
	 * @return the fault
	 */
	public Fault account(String sid) {
		return in(new Scope(this.scope.times(), this.scope.share(), this.scope.method(), sid));
	}

	/**
	 * The same for other calls.
	 * @param which the calls
	 * @return the fault
	 */
	public Fault in(Scope which) {
		return new Fault(this.kind, this.status, this.retryAfter, this.delay, which);
	}

	/**
	 * What happens to a call.
	 */
	public enum Kind {

		/** It's answered with a status, and nothing is done. */
		STATUS,

		/** It's done and answered late. */
		DELAY,

		/** The connection is reset, and nothing is done. */
		RESET_BEFORE,

		/** It's done, and the connection is reset. */
		RESET_AFTER,

		/** It's done, and the answer breaks off. */
		TRUNCATE,

		/** It's done and never answered. */
		HANG

	}

	/**
	 * Which calls.
	 *
	 * @param times for how many, -1 for all
	 * @param share the share of them, 0 to 1
	 * @param method one HTTP method, or {@code null} for all
	 * @param accountSid one account, or {@code null} for all
	 */
	public record Scope(int times, double share, @Nullable String method, @Nullable String accountSid) {

		/** Every call. */
		public static final Scope ALL = new Scope(-1, 1, null, null);

		/**
		 * Checks the numbers.
		 * @param times for how many, -1 for all
		 * @param share the share of them
		 * @param method one HTTP method, or {@code null}
		 * @param accountSid one account, or {@code null}
		 */
		public Scope {
			if (times == 0 || times < -1) {
				throw new IllegalArgumentException("A fault strikes at least once, not " + times + " times");
			}
			if (!(share >= 0 && share <= 1)) {
				throw new IllegalArgumentException("A share is 0 to 1, not " + share);
			}
		}

	}

}

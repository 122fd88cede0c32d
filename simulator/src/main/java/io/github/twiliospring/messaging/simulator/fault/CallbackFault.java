package io.github.twiliospring.messaging.simulator.fault;

import java.time.Duration;

import io.github.twiliospring.messaging.simulator.engine.Delays;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with callbacks. Immutable.
 *
 * @param kind what happens
 * @param delay how long a callback is held back, on the simulator's clock
 * @param times for how many, -1 for all
 * @param accountSid one account, or {@code null} for all
 */
public record CallbackFault(Kind kind, Duration delay, int times, @Nullable String accountSid) {

	/**
	 * Checks the numbers.
	 * @param kind what happens
	 * @param delay how long a callback is held back
	 * @param times for how many, -1 for all
	 * @param accountSid one account, or {@code null}
	 */
	public CallbackFault {
		Delays.check(delay);
		if (times == 0 || times < -1) {
			throw new IllegalArgumentException("A fault strikes at least once, not " + times + " times");
		}
	}

	/**
	 * Holds callbacks back.
	 * @param delay on the simulator's clock
	 * @return the fault, for every callback
	 */
	public static CallbackFault delay(Duration delay) {
		return new CallbackFault(Kind.DELAY, delay, -1, null);
	}

	/**
	 * Sends callbacks a second time, once the first has been answered.
	 * @return the fault, for every callback
	 */
	public static CallbackFault duplicate() {
		return new CallbackFault(Kind.DUPLICATE, Duration.ZERO, -1, null);
	}

	/**
	 * Sends a callback only after the next one of its message has been answered.
	 * @return the fault, for every callback
	 */
	public static CallbackFault reorder() {
		return new CallbackFault(Kind.REORDER, Duration.ZERO, -1, null);
	}

	/**
	 * Never sends callbacks; a replay still does.
	 * @return the fault, for every callback
	 */
	public static CallbackFault drop() {
		return new CallbackFault(Kind.DROP, Duration.ZERO, -1, null);
	}

	/**
	 * The same for the next callbacks only.
	 * @param callbacks how many, at least 1
	 * @return the fault
	 */
	public CallbackFault times(int callbacks) {
		return new CallbackFault(this.kind, this.delay, callbacks, this.accountSid);
	}

	/**
	 * The same for one account.
	 * @param sid {@code AC…}
	 * @return the fault
	 */
	public CallbackFault account(String sid) {
		return new CallbackFault(this.kind, this.delay, this.times, sid);
	}

	/**
	 * What happens to a callback.
	 */
	public enum Kind {

		/** It's held back. */
		DELAY,

		/** It's sent twice. */
		DUPLICATE,

		/** It's overtaken by the next one of its message. */
		REORDER,

		/** It's never sent. */
		DROP

	}

}

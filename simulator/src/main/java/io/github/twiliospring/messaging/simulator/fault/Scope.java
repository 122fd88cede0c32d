package io.github.twiliospring.messaging.simulator.fault;

import org.jspecify.annotations.Nullable;

/**
 * How often something happens, and to whom. Immutable.
 *
 * @param times how many times, -1 without an end
 * @param share the share of those that are meant, 0 to 1
 * @param method one HTTP method, or {@code null} for all
 * @param accountSid one account, or {@code null} for all
 */
public record Scope(int times, double share, @Nullable String method, @Nullable String accountSid) {

	/** Everything, always. */
	public static final Scope ALL = new Scope(-1, 1, null, null);

	/**
	 * Checks the numbers.
	 * @param times how many times, -1 without an end
	 * @param share the share of those that are meant
	 * @param method one HTTP method, or {@code null}
	 * @param accountSid one account, or {@code null}
	 */
	public Scope {
		if (times == 0 || times < -1) {
			throw new IllegalArgumentException("'times' is at least 1, or -1 for all, not " + times);
		}
		if (!(share >= 0 && share <= 1)) {
			throw new IllegalArgumentException("A share is 0 to 1, not " + share);
		}
	}

	/**
	 * The same for the next ones only.
	 * @param next how many, at least 1
	 * @return the scope
	 */
	public Scope times(int next) {
		return new Scope(next, this.share, this.method, this.accountSid);
	}

	Scope share(double part) {
		return new Scope(this.times, part, this.method, this.accountSid);
	}

	Scope method(String one) {
		return new Scope(this.times, this.share, one, this.accountSid);
	}

	Scope account(String sid) {
		return new Scope(this.times, this.share, this.method, sid);
	}

	/**
	 * What has a scope.
	 *
	 * @param <T> its own type
	 */
	public interface Scoped<T extends Scoped<T>> {

		/**
		 * How often it happens, and to whom.
		 * @return the scope
		 */
		Scope scope();

		/**
		 * The same with another scope.
		 * @param other the scope
		 * @return a copy
		 */
		T in(Scope other);

	}

}

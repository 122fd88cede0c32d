package io.github.twiliospring.messaging.benchmarks.micro;

/**
 * Makes a benchmark fail that measures the wrong thing.
 */
public final class Checks {

	private Checks() {
	}

	/**
	 * Refuses a wrong result.
	 * @param value whether it's right
	 * @return {@code true}
	 */
	public static boolean isTrue(boolean value) {
		if (!value) {
			throw new IllegalStateException("The benchmark measures something else");
		}
		return true;
	}

}

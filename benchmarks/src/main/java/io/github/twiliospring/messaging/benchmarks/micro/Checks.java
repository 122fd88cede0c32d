package io.github.twiliospring.messaging.benchmarks.micro;

/**
 * Makes a benchmark fail that measures the wrong thing.
 */
final class Checks {

	private Checks() {
	}

	static boolean isTrue(boolean value) {
		if (!value) {
			throw new IllegalStateException("The benchmark measures something else");
		}
		return true;
	}

}

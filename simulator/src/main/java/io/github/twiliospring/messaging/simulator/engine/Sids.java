package io.github.twiliospring.messaging.simulator.engine;

import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;

/**
 * Makes identifiers in the provider's form. The same seed gives the same ones. To be used
 * under the timeline's lock.
 */
public final class Sids {

	private final Random random;

	/**
	 * Makes them from a source of numbers.
	 * @param random seeded or not
	 */
	public Sids(Random random) {
		this.random = random;
	}

	/**
	 * A new identifier.
	 * @param prefix two letters, such as {@code SM}
	 * @return prefix and 32 hexadecimal digits
	 */
	public String next(String prefix) {
		HexFormat hex = HexFormat.of();
		return prefix + hex.toHexDigits(this.random.nextLong()) + hex.toHexDigits(this.random.nextLong());
	}

	/**
	 * A new random UUID.
	 * @return the UUID
	 */
	public UUID uuid() {
		return new UUID(this.random.nextLong(), this.random.nextLong());
	}

	/**
	 * A number for a decision by probability.
	 * @return from 0, inclusive, to 1, exclusive
	 */
	public double fraction() {
		return this.random.nextDouble();
	}

}

package io.github.twiliospring.messaging.simulator.engine;

import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;

/**
 * Makes identifiers in the provider's form. The same seed gives the same ones.
 */
public final class Sids {

	private final Random random;

	Sids(Random random) {
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

	/** Goes on differently from now on, yet the same way for the same number. */
	void mix(long number) {
		this.random.setSeed(this.random.nextLong() ^ number);
	}

	/** A number for a decision by probability: from 0, inclusive, to 1, exclusive. */
	double fraction() {
		return this.random.nextDouble();
	}

}

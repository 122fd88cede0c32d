package io.github.twiliospring.messaging;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids that no other send has, in this process or another. The random numbers are
 * drawn once, since drawing them may block a thread. Ids needn't be secret: the provider
 * signs the URL that carries them.
 */
final class SendIds {

	// The golden ratio in 64 bits: odd, and so every value comes once.
	private static final long STEP = 0x9E3779B97F4A7C15L;

	private final long instance;

	private final AtomicLong sequence;

	SendIds() {
		SecureRandom random = new SecureRandom();
		this.instance = random.nextLong();
		this.sequence = new AtomicLong(random.nextLong());
	}

	String next() {
		return new UUID(this.instance, this.sequence.getAndAdd(STEP)).toString();
	}

}

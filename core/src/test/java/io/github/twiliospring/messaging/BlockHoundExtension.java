package io.github.twiliospring.messaging;

import org.junit.jupiter.api.extension.Extension;
import reactor.blockhound.BlockHound;

/**
 * Lets a call fail that blocks a thread which mustn't be blocked. It's an extension of
 * Jupiter's and no listener, since Maven would load that into its own process, too, where
 * tests run in several.
 */
public final class BlockHoundExtension implements Extension {

	static {
		// It rewrites classes that newer JDKs no longer let it rewrite.
		if (Runtime.version().feature() < 22) {
			BlockHound.install();
		}
	}

}

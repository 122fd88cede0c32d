package io.github.twiliospring.messaging;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * What others do once, when their classes are loaded.
 */
public final class KnownBlockingCalls implements BlockHoundIntegration {

	@Override
	public void applyTo(BlockHound.Builder builder) {
		builder.allowBlockingCallsInside("org.springframework.http.codec.CodecConfigurerFactory", "<clinit>")
			.allowBlockingCallsInside("java.lang.Class", "getResourceAsStream");
	}

}

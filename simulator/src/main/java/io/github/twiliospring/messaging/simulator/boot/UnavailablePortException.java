package io.github.twiliospring.messaging.simulator.boot;

import reactor.netty.ChannelBindException;

/**
 * The simulator can't listen where it was told to.
 */
@SuppressWarnings("serial")
class UnavailablePortException extends IllegalStateException {

	UnavailablePortException(int port, ChannelBindException cause) {
		super("The simulator can't listen on port " + port
				+ ": another process has it, perhaps another simulator, or this one may not use it.", cause);
	}

}

package io.github.twiliospring.messaging.simulator.boot;

import reactor.netty.ChannelBindException;

/**
 * The simulator can't listen where it was told to.
 */
@SuppressWarnings("serial")
class UnavailablePortException extends IllegalStateException {

	private final String action;

	UnavailablePortException(int port, ChannelBindException cause) {
		super("The simulator can't listen on port " + port
				+ ": another process has it, perhaps another simulator, or this one may not use it.", cause);
		this.action = "End that process, or set the property 'twilio.simulator.port' to another port, or to 0 for a free one.";
	}

	UnavailablePortException(int port) {
		super("The property 'twilio.simulator.port' is " + port + ", which is no port.");
		this.action = "Set it to 1 to 65535, or to 0 for a free one.";
	}

	String getAction() {
		return this.action;
	}

}

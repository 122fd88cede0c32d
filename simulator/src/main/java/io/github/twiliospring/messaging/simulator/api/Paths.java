package io.github.twiliospring.messaging.simulator.api;

/**
 * The addresses of resources, relative to the host.
 */
final class Paths {

	static final String VERSION = "2010-04-01";

	private Paths() {
	}

	static String account(String accountSid) {
		return "/" + VERSION + "/Accounts/" + accountSid;
	}

	static String message(String accountSid, String messageSid) {
		return account(accountSid) + "/Messages/" + messageSid;
	}

}

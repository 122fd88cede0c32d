package io.github.twiliospring.messaging.simulator.control;

import java.net.URI;

import io.github.twiliospring.messaging.simulator.http.Request;

/**
 * Which pages may control the simulator: its own. A browser would otherwise let any page
 * reach what listens on this machine.
 */
final class Origins {

	private Origins() {
	}

	static boolean isForeign(Request request) {
		String origin = request.header("origin");
		if (origin == null || "GET".equals(request.method())) {
			return false;
		}
		try {
			return !String.valueOf(URI.create(origin).getAuthority()).equals(request.header("host"));
		}
		catch (IllegalArgumentException ex) {
			return true;
		}
	}

}

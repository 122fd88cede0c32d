package io.github.twiliospring.messaging.testsupport;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for a server that has to know it before it starts, or that comes back to it.
 */
public final class FreePort {

	// No system gives those to outgoing connections, of which tests make many.
	private static final int LOWEST = 20_000;

	private static final int HIGHEST = 32_767;

	private FreePort() {
	}

	/**
	 * Finds a port that nobody listens on.
	 * @return the port
	 */
	public static int find() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
			try (ServerSocket socket = new ServerSocket(port)) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				// It's taken.
			}
		}
	}

}

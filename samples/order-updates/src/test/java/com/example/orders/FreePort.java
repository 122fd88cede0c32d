package com.example.orders;

import java.io.IOException;
import java.net.ServerSocket;

/**
 * A port that nobody listens on, for an application that has to know it before it starts.
 */
final class FreePort {

	private FreePort() {
	}

	static int find() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}

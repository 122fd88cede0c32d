package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers requests with whatever it's told to, HTTP or not; a path with {@code silent} in
 * it never.
 */
final class RawServer implements AutoCloseable {

	/** Resets the connection. */
	static final String RESET = "reset";

	private final ServerSocket server;

	private final List<Socket> silent = new CopyOnWriteArrayList<>();

	private volatile List<String> answers = List.of("");

	RawServer() {
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread thread = new Thread(this::serve, "raw-server");
		thread.setDaemon(true);
		thread.start();
	}

	String url(String path) {
		return "http://127.0.0.1:" + this.server.getLocalPort() + path;
	}

	/** What to answer, in turn, before the connection ends. */
	void answer(String... inTurn) {
		this.answers = List.of(inTurn);
	}

	private void serve() {
		for (int i = 0; !this.server.isClosed(); i++) {
			try {
				Socket socket = this.server.accept();
				if (request(socket.getInputStream()).contains("/silent")) {
					this.silent.add(socket);
					continue;
				}
				end(socket, this.answers.get(i % this.answers.size()));
			}
			catch (IOException ex) {
				// The client has gone, or this server has.
			}
		}
	}

	/**
	 * Whole, since closing a socket with something unread in it resets the connection.
	 */
	private static String request(InputStream in) throws IOException {
		StringBuilder request = new StringBuilder();
		byte[] chunk = new byte[8192];
		int length = 0;
		while (length >= 0 && !request.toString().matches("(?s).*\r\n\r\n.*ApiVersion=.*")) {
			length = in.read(chunk);
			request.append(new String(chunk, 0, Math.max(0, length), StandardCharsets.UTF_8));
		}
		return request.toString();
	}

	private static void end(Socket socket, String answer) throws IOException {
		if (answer.equals(RESET)) {
			socket.setSoLinger(true, 0);
		}
		else {
			socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
		}
		socket.close();
	}

	@Override
	public void close() {
		try {
			this.server.close();
			for (Socket socket : this.silent) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

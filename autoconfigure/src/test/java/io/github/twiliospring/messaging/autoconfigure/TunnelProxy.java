package io.github.twiliospring.messaging.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that leads every tunnel to one port of this machine.
 */
final class TunnelProxy implements AutoCloseable {

	final List<String> asked = new CopyOnWriteArrayList<>();

	private final ServerSocket socket;

	private final int target;

	TunnelProxy(int target) throws IOException {
		this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		this.target = target;
		start(this::accept);
	}

	InetSocketAddress address() {
		return new InetSocketAddress(this.socket.getInetAddress(), this.socket.getLocalPort());
	}

	private void accept() throws IOException {
		while (!this.socket.isClosed()) {
			Socket client = this.socket.accept();
			start(() -> tunnel(client));
		}
	}

	private void tunnel(Socket client) throws IOException {
		StringBuilder head = new StringBuilder();
		InputStream input = client.getInputStream();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) input.read());
		}
		this.asked.add(head.substring(0, head.indexOf("\r\n")));
		Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target);
		client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		start(() -> copy(server, client));
		copy(client, server);
	}

	private static void copy(Socket from, Socket to) throws IOException {
		try (from; to) {
			from.getInputStream().transferTo(to.getOutputStream());
		}
	}

	private static void start(Step step) {
		Thread thread = new Thread(() -> {
			try {
				step.run();
			}
			catch (IOException ex) {
				// One side went away, as it may.
			}
		}, "tunnel-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private interface Step {

		void run() throws IOException;

	}

}

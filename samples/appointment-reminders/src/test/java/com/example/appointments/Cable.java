package com.example.appointments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Leads to the application, and can be pulled out and put back.
 */
final class Cable implements AutoCloseable {

	private final int target;

	private final Set<Socket> ends = ConcurrentHashMap.newKeySet();

	private int port;

	private volatile ServerSocket socket;

	Cable(int target) {
		this.target = target;
		plugIn();
	}

	int port() {
		return this.port;
	}

	void pullOut() {
		close(this.socket);
		this.ends.forEach(Cable::close);
		this.ends.clear();
	}

	void plugIn() {
		try {
			ServerSocket opened = new ServerSocket();
			opened.setReuseAddress(true);
			opened.bind(new InetSocketAddress(InetAddress.getByName("localhost"), this.port));
			this.port = opened.getLocalPort();
			this.socket = opened;
			start(() -> accept(opened));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void accept(ServerSocket opened) throws IOException {
		while (true) {
			Socket near = opened.accept();
			Socket far = new Socket("localhost", this.target);
			this.ends.add(near);
			this.ends.add(far);
			if (opened.isClosed()) {
				pullOut();
			}
			start(() -> pass(near, far));
			start(() -> pass(far, near));
		}
	}

	private static void pass(Socket from, Socket to) throws IOException {
		try (from; to) {
			from.getInputStream().transferTo(to.getOutputStream());
		}
	}

	private static void start(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (SocketException ex) {
				// One of its ends was closed, which ends the work.
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}, "cable");
		thread.setDaemon(true);
		thread.start();
	}

	private static void close(AutoCloseable end) {
		try {
			end.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		pullOut();
	}

	@FunctionalInterface
	private interface Work {

		void run() throws IOException;

	}

}

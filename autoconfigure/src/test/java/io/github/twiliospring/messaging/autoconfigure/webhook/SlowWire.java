package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stands between a client and a server, and can hold back what the server answers.
 */
final class SlowWire implements AutoCloseable {

	private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final ReentrantLock answers = new ReentrantLock();

	SlowWire(int serverPort) throws IOException {
		start(() -> {
			while (true) {
				Socket client = this.listener.accept();
				Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
				this.sockets.addAll(List.of(client, server));
				start(() -> client.getInputStream().transferTo(server.getOutputStream()));
				start(() -> carry(server.getInputStream(), client.getOutputStream()));
			}
		});
	}

	int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Holds answers back until they're let through, by the same thread.
	 */
	void hold() {
		this.answers.lock();
	}

	/**
	 * Whether an answer is held back.
	 */
	boolean isHolding() {
		return this.answers.hasQueuedThreads();
	}

	void letThrough() {
		this.answers.unlock();
	}

	private void carry(InputStream from, OutputStream to) throws IOException {
		byte[] buffer = new byte[8192];
		for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
			this.answers.lock();
			try {
				to.write(buffer, 0, read);
			}
			finally {
				this.answers.unlock();
			}
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// Closed.
			}
		}, "slow wire");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	/**
	 * Carries on until a socket is closed.
	 */
	private interface Task {

		void run() throws IOException;

	}

}

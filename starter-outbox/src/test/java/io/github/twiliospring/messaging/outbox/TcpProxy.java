package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What stands between an instance and its database, and can fail.
 */
final class TcpProxy implements AutoCloseable {

	private final int target;

	private final ServerSocket server;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final ExecutorService threads = Executors.newCachedThreadPool((work) -> {
		Thread thread = new Thread(work, "tcp-proxy");
		thread.setDaemon(true);
		return thread;
	});

	private int refused;

	private boolean refusing;

	private boolean frozen;

	TcpProxy(int target) throws IOException {
		this.target = target;
		this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
		this.threads.execute(this::accept);
	}

	/**
	 * The same database by way of this proxy.
	 */
	String through(String jdbcUrl) {
		return jdbcUrl.replace(":" + this.target + "/", ":" + this.server.getLocalPort() + "/");
	}

	/**
	 * Resets all connections. New ones are taken.
	 */
	void cut() {
		for (Socket socket : this.open) {
			reset(socket);
		}
	}

	/**
	 * Resets all connections, and takes no new ones.
	 */
	void refuse() {
		synchronized (this) {
			this.refusing = true;
		}
		cut();
	}

	/**
	 * How many connections it didn't take.
	 */
	synchronized int refused() {
		return this.refused;
	}

	/**
	 * Keeps what arrives on either side to itself, for a while.
	 */
	synchronized void freeze() {
		this.frozen = true;
	}

	/**
	 * All is well again.
	 */
	synchronized void restore() {
		this.refusing = false;
		this.frozen = false;
		notifyAll();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				this.open.add(client);
				this.threads.execute(() -> connect(client));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void connect(Socket client) {
		try {
			Socket database = new Socket(InetAddress.getLoopbackAddress(), this.target);
			this.open.add(database);
			synchronized (this) {
				if (this.refusing) {
					this.refused++;
					reset(client);
					reset(database);
					return;
				}
			}
			this.threads.execute(() -> pump(client, database));
			pump(database, client);
		}
		catch (IOException ex) {
			reset(client);
		}
	}

	private void pump(Socket from, Socket to) {
		byte[] buffer = new byte[8192];
		try {
			InputStream input = from.getInputStream();
			OutputStream output = to.getOutputStream();
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				awaitThaw();
				output.write(buffer, 0, length);
			}
		}
		catch (IOException ex) {
			// Whoever is at the other end hears of it below.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		reset(from);
		reset(to);
	}

	private synchronized void awaitThaw() throws InterruptedException {
		while (this.frozen) {
			wait();
		}
	}

	private void reset(Socket socket) {
		this.open.remove(socket);
		try {
			socket.setSoLinger(true, 0);
			socket.close();
		}
		catch (IOException ex) {
			// It's gone already.
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		restore();
		cut();
		this.threads.shutdownNow();
	}

}

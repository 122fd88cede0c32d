package io.github.twiliospring.messaging.testsupport;

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
 * What stands between a client and its server, and can fail.
 */
public final class TcpProxy implements AutoCloseable {

	private final int target;

	private final ServerSocket server;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final ExecutorService threads = Executors.newCachedThreadPool((work) -> {
		Thread thread = new Thread(work, "tcp-proxy");
		thread.setDaemon(true);
		return thread;
	});

	private final Set<Socket> silent = ConcurrentHashMap.newKeySet();

	private int refused;

	private boolean refusing;

	private boolean frozen;

	public TcpProxy(int target) throws IOException {
		this.target = target;
		this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
		this.threads.execute(this::accept);
	}

	/**
	 * The same server by way of this proxy.
	 * @param url has a path
	 */
	public String through(String url) {
		return url.replace(":" + this.target + "/", ":" + this.server.getLocalPort() + "/");
	}

	/**
	 * Resets all connections. New ones are taken.
	 */
	public void cut() {
		for (Socket socket : this.open) {
			reset(socket);
		}
	}

	/**
	 * Resets all connections, and takes no new ones.
	 */
	public void refuse() {
		synchronized (this) {
			this.refusing = true;
		}
		cut();
	}

	/**
	 * How many connections it didn't take.
	 */
	public synchronized int refused() {
		return this.refused;
	}

	/**
	 * Swallows what arrives on the connections of now, which stay open. New ones work.
	 */
	public void silence() {
		this.silent.addAll(this.open);
	}

	/**
	 * Keeps what arrives on either side to itself, for a while.
	 */
	public synchronized void freeze() {
		this.frozen = true;
	}

	/**
	 * All is well again.
	 */
	public synchronized void restore() {
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
			Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
			this.open.add(upstream);
			synchronized (this) {
				if (this.refusing) {
					this.refused++;
					reset(client);
					reset(upstream);
					return;
				}
			}
			this.threads.execute(() -> pump(client, upstream));
			pump(upstream, client);
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
				if (!this.silent.contains(from)) {
					output.write(buffer, 0, length);
				}
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
		this.silent.remove(socket);
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

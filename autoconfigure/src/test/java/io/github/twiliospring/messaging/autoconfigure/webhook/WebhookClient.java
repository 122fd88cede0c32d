package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.webhook.FormParameters;

/**
 * Calls a webhook as the provider does, or as others do.
 */
final class WebhookClient {

	static final String FORM_TYPE = "application/x-www-form-urlencoded; charset=UTF-8";

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	static String newSid() {
		return "SM" + UUID.randomUUID().toString().replace("-", "");
	}

	static String form(String sid, String status) {
		return "AccountSid=AC1&MessageSid=" + sid + "&MessageStatus=" + status + "&To=%2B15558675310&Body=+a+%26";
	}

	static String sign(String url, String form) {
		return new RequestSigner(WebhookApplication.TOKEN).sign(url, FormParameters.parse(form, 1000));
	}

	int post(String url, String form, String... signatures) {
		return post(url, form, Map.of(), signatures).statusCode();
	}

	int postSigned(String url, String form) {
		return post(url, form, sign(url, form));
	}

	/**
	 * Posts as a provider with much patience does, for as long as it's asked to repeat.
	 */
	int postUntilTaken(String url, String form) {
		long end = System.nanoTime() + PATIENCE.toNanos();
		int status = postSigned(url, form);
		while (status >= 500 && System.nanoTime() < end) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
			status = postSigned(url, form);
		}
		return status;
	}

	HttpResponse<String> post(String url, String body, Map<String, String> headers, String... signatures) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
			.timeout(TIMEOUT)
			.header("Content-Type", FORM_TYPE)
			.POST(BodyPublishers.ofString(body));
		headers.forEach(request::setHeader);
		for (String signature : signatures) {
			request.header("X-Twilio-Signature", signature);
		}
		return send(request.build());
	}

	HttpResponse<String> send(HttpRequest request) {
		try {
			return this.client.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new AssertionError("No answer", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	/**
	 * Posts with headers that a client library wouldn't let through.
	 */
	static int rawPost(int port, String target, String host, String form, List<String> headers) throws IOException {
		try (Socket socket = open(port)) {
			StringBuilder request = new StringBuilder("POST " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
			headers.forEach((header) -> request.append(header).append("\r\n"));
			request.append("Content-Type: " + FORM_TYPE + "\r\nContent-Length: " + form.length() + "\r\n\r\n" + form);
			socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
			return status(socket.getInputStream());
		}
	}

	/**
	 * Sends a body of 200 MB and reads no answer meanwhile.
	 * @return how many bytes went out until the connection was closed
	 */
	static long flood(int port, String path) throws IOException {
		long sent = 0;
		// Unlike a socket, a channel can be interrupted while it writes.
		try (SocketChannel channel = SocketChannel.open(new InetSocketAddress("localhost", port))) {
			channel.write(ByteBuffer.wrap(head(path, "Transfer-Encoding: chunked")));
			byte[] chunk = ("1000\r\n" + "a".repeat(0x1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
			while (sent < 200L << 20) {
				sent += channel.write(ByteBuffer.wrap(chunk));
			}
		}
		catch (ClosedByInterruptException ex) {
			throw new AssertionError("The connection is open, but nobody reads, after " + sent + " bytes", ex);
		}
		catch (IOException ex) {
			// Closed, as it should be.
		}
		return sent;
	}

	/**
	 * Sends the beginning of a body.
	 * @param drip whether a byte follows every 100 milliseconds
	 * @param whileOpen runs when the answer is there, before the connection is closed
	 * @return the answer's status
	 */
	static int stall(int port, String path, boolean drip, Runnable whileOpen) throws IOException {
		try (Socket socket = open(port)) {
			socket.getOutputStream().write(head(path, "Content-Length: 5000"));
			socket.getOutputStream().write('a');
			socket.setSoTimeout(drip ? 100 : (int) TIMEOUT.toMillis());
			while (true) {
				try {
					int status = status(socket.getInputStream());
					whileOpen.run();
					return status;
				}
				catch (SocketTimeoutException ex) {
					if (!drip) {
						throw ex;
					}
					socket.getOutputStream().write('a');
				}
			}
		}
	}

	private static byte[] head(String path, String length) {
		return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + FORM_TYPE + "\r\n" + length
				+ "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
	}

	private static Socket open(int port) throws IOException {
		Socket socket = new Socket("localhost", port);
		socket.setSoTimeout((int) TIMEOUT.toMillis());
		return socket;
	}

	private static int status(InputStream input) throws IOException {
		String line = new String(input.readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
		return line.startsWith("HTTP/1.1 ") ? Integer.parseInt(line.substring(9)) : 0;
	}

}

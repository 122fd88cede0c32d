package io.github.twiliospring.messaging.webhook;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether requests to the library's own paths reach its adapter, by making
 * them: each carries a value that is good once and that nobody else knows. What counts
 * isn't the answer, which anybody may give, but that the adapter saw the value.
 */
final class WebhookSelfTest {

	/** Carries the value. */
	static final String HEADER = "X-Twilio-Messaging-Self-Test";

	private static final String BAD_REQUEST = "HTTP 400";

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Set<String> expected = ConcurrentHashMap.newKeySet();

	private final Set<String> seen = ConcurrentHashMap.newKeySet();

	/**
	 * Whether a request is one of these, without taking note of it.
	 * @param value the header's value, or {@code null}
	 * @return whether it's expected, or was
	 */
	boolean isOwn(@Nullable String value) {
		return value != null && (this.expected.contains(value) || this.seen.contains(value));
	}

	/**
	 * Takes note of a request that reached the adapter.
	 * @param value the header's value, or {@code null}
	 * @return whether it's one of these, for the first time
	 */
	boolean arrived(@Nullable String value) {
		return value != null && this.expected.remove(value) && this.seen.add(value);
	}

	/**
	 * Calls each path.
	 * @param base where this application's server listens
	 * @param paths what is called
	 * @return what was answered in the adapter's place, by path; empty where the adapter
	 * saw each. Fails where the server can't be called.
	 */
	CompletableFuture<Map<String, String>> run(URI base, Stream<String> paths) {
		List<String> all = paths.toList();
		return call(base, all).thenCompose((missed) -> {
			if (!"http".equals(base.getScheme()) || !missed.values().stream().anyMatch(BAD_REQUEST::equals)) {
				return CompletableFuture.completedFuture(missed);
			}
			// What a server with TLS says to who speaks without.
			return call(URI.create("https" + base.toString().substring("http".length())), all)
				.exceptionally((failure) -> missed);
		});
	}

	private CompletableFuture<Map<String, String>> call(URI base, List<String> paths) {
		HttpClient client = client(base);
		Set<String> values = new HashSet<>();
		Map<String, String> missed = new TreeMap<>();
		CompletableFuture<Map<String, String>> result = CompletableFuture.completedFuture(missed);
		for (String path : paths) {
			String value = UUID.randomUUID().toString();
			values.add(value);
			this.expected.add(value);
			HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
				.timeout(TIMEOUT)
				.header(HEADER, value)
				.POST(BodyPublishers.noBody())
				.build();
			result = result.thenCompose((before) -> client.sendAsync(request, BodyHandlers.discarding()))
				.thenApply((answer) -> {
					if (!this.seen.contains(value)) {
						missed.put(path, describe(answer));
					}
					return missed;
				});
		}
		return result.whenComplete((answers, failure) -> {
			this.expected.removeAll(values);
			this.seen.removeAll(values);
		});
	}

	private static String describe(HttpResponse<?> answer) {
		String target = answer.headers().firstValue("Location").map(WebhookSelfTest::path).orElse("");
		return "HTTP " + answer.statusCode() + (target.isEmpty() ? "" : ", a redirect to " + target);
	}

	private static String path(String location) {
		try {
			String path = String.valueOf(URI.create(location).getPath());
			// What follows may be the id of an HTTP session.
			int parameters = path.indexOf(';');
			return (parameters < 0) ? path : path.substring(0, parameters);
		}
		catch (IllegalArgumentException ex) {
			return "";
		}
	}

	// Its certificate names the public host, not this one, and nothing secret is sent.
	private static HttpClient client(URI base) {
		HttpClient.Builder client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(TIMEOUT)
			.proxy(HttpClient.Builder.NO_PROXY);
		if ("https".equals(base.getScheme())) {
			try {
				SSLContext context = SSLContext.getInstance("TLS");
				context.init(null, new TrustManager[] { new AnyCertificate() }, null);
				client.sslContext(context);
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException("No TLS", ex);
			}
		}
		return client.build();
	}

	/**
	 * Trusts whoever listens on this machine.
	 */
	private static final class AnyCertificate extends X509ExtendedTrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}

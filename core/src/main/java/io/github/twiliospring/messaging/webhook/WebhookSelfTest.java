package io.github.twiliospring.messaging.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
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

	private static final int MOST_BYTES = 4096;

	private static final String BAD_REQUEST = "HTTP 400";

	private static final String NO_ANSWER = "no answer";

	// Milliseconds.
	private static final int TIMEOUT = 10_000;

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
		CompletableFuture<Map<String, String>> result = new CompletableFuture<>();
		// Ends by its time limits; whoever starts or ends the application doesn't wait.
		Thread thread = new Thread(() -> {
			try {
				result.complete(call(base, all));
			}
			catch (IOException | RuntimeException ex) {
				result.completeExceptionally(ex);
			}
		}, "twilio-webhook-self-test");
		thread.setDaemon(true);
		thread.start();
		return result;
	}

	private Map<String, String> call(URI base, List<String> paths) throws IOException {
		Map<String, String> missed = missed(base, paths);
		if ("http".equals(base.getScheme()) && (missed.containsValue(BAD_REQUEST) || missed.containsValue(NO_ANSWER))) {
			// What servers with TLS say to who speaks without.
			try {
				return missed(URI.create("https" + base.toString().substring("http".length())), paths);
			}
			catch (NotTriedException ex) {
				throw ex;
			}
			catch (IOException ex) {
				return missed;
			}
		}
		return missed;
	}

	private Map<String, String> missed(URI base, List<String> paths) throws IOException {
		Map<String, String> missed = new TreeMap<>();
		for (String path : paths) {
			String value = UUID.randomUUID().toString();
			this.expected.add(value);
			// Where no answer comes, the request may still arrive, and isn't a
			// stranger's.
			String answer = answer(URI.create(base + path), value);
			this.expected.remove(value);
			if (!this.seen.remove(value)) {
				missed.put(path, answer);
			}
		}
		return missed;
	}

	// The JDK's old client: the new one, and TLS, would be a good part of a start.
	private static String answer(URI uri, String value) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
		Tls tls = new Tls();
		try {
			if (connection instanceof HttpsURLConnection secure) {
				AnyServer.accept(secure, tls);
			}
			connection.setConnectTimeout(TIMEOUT);
			connection.setReadTimeout(TIMEOUT);
			connection.setInstanceFollowRedirects(false);
			connection.setUseCaches(false);
			// Not the application's: a 401 is an answer.
			connection.setAuthenticator(new Authenticator() {
			});
			connection.setRequestMethod("POST");
			connection.setRequestProperty(HEADER, value);
			// As the provider, who is no browser.
			connection.setRequestProperty("Accept", "*/*");
			connection.setDoOutput(true);
			connection.connect();
			String answer = answer(connection);
			if (answer.equals(NO_ANSWER) && tls.certificateAsked) {
				throw new NotTriedException("The server asks for a client's certificate");
			}
			if (answer.equals(BAD_REQUEST) && tls.misnamed && wantsItsHost(connection)) {
				throw new NotTriedException("The server knows itself by its certificate's host alone");
			}
			return answer;
		}
		catch (IOException ex) {
			throw tls.certificateAsked ? new NotTriedException("The server asks for a client's certificate") : ex;
		}
		finally {
			connection.disconnect();
		}
	}

	// The server is there, so that what is missing is the answer at this path.
	private static String answer(HttpURLConnection connection) {
		try {
			connection.getOutputStream().close();
			int status = connection.getResponseCode();
			String target = Optional.ofNullable(connection.getHeaderField("Location"))
				.map(WebhookSelfTest::path)
				.orElse("");
			return "HTTP " + status + (target.isEmpty() ? "" : ", a redirect to " + target);
		}
		catch (IOException ex) {
			return NO_ANSWER;
		}
	}

	// Jetty's "Invalid SNI"; any other 400 is the application's.
	private static boolean wantsItsHost(HttpURLConnection connection) throws IOException {
		try (InputStream page = connection.getErrorStream()) {
			return page != null
					&& new String(page.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1).contains("Invalid SNI");
		}
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

	/**
	 * Trusts whoever listens on this machine.
	 */
	private static final class AnyServer extends X509ExtendedTrustManager {

		// Its certificate names the public host, not this one, and nothing secret is
		// sent.
		static void accept(HttpsURLConnection connection, Tls tls) {
			try {
				SSLContext context = SSLContext.getInstance("TLS");
				context.init(new KeyManager[] { tls }, new TrustManager[] { new AnyServer() }, null);
				connection.setSSLSocketFactory(context.getSocketFactory());
				connection.setHostnameVerifier(tls);
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException("No TLS", ex);
			}
		}

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

	/**
	 * Why a server may not answer who calls it at this machine: it wants to know who
	 * calls, as a proxy before it tells, or wants to be called by its host.
	 */
	private static final class Tls extends X509ExtendedKeyManager implements HostnameVerifier {

		private boolean certificateAsked;

		private boolean misnamed;

		// Asked where the names differ.
		@Override
		public boolean verify(String host, SSLSession session) {
			this.misnamed = true;
			return true;
		}

		@Override
		public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers,
				@Nullable Socket socket) {
			this.certificateAsked = true;
			return null;
		}

		@Override
		public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
			return null;
		}

		@Override
		public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
			return null;
		}

		@Override
		public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers,
				@Nullable Socket socket) {
			return null;
		}

		@Override
		public X509Certificate @Nullable [] getCertificateChain(String alias) {
			return null;
		}

		@Override
		public @Nullable PrivateKey getPrivateKey(String alias) {
			return null;
		}

	}

	/**
	 * Whether requests get through can't be found out here.
	 */
	private static final class NotTriedException extends IOException {

		@java.io.Serial
		private static final long serialVersionUID = 1L;

		NotTriedException(String message) {
			super(message);
		}

	}

}

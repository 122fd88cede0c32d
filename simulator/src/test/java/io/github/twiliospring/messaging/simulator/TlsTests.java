package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The simulator in place of {@code https://api.twilio.com}.
 */
class TlsTests {

	private static final String CREATE = "To=%2B15558675310&From=%2B15017122661&Body=Hi";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "api.twilio.com", "api.ie1.twilio.com", "api.dublin.ie1.twilio.com",
			"content.sydney.au1.twilio.com", "api.sao-paulo.us1.twilio.com", "localhost", "127.0.0.1", "::1" })
	void isTrustedByTheNamesThatLeadToIt(String name) throws Exception {
		try (TwilioSimulator simulator = start()) {
			String host = name.contains(":") ? "[" + name + "]" : name;
			assertThat(create(simulator, trustStore(), name, host)).startsWith("HTTP/1.1 201");
			assertThat(simulator.messages()).hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "api.nowhere.ie1.twilio.com", "twilio.com", "api.example.com" })
	void isNotTrustedByOtherNames(String name) {
		try (TwilioSimulator simulator = start()) {
			assertThatExceptionOfType(SSLHandshakeException.class)
				.isThrownBy(() -> create(simulator, trustStore(), name, name));
		}
	}

	@Test
	void isTrustedByNobodyWhoWasNotTold() {
		try (TwilioSimulator simulator = start()) {
			assertThatExceptionOfType(SSLHandshakeException.class)
				.isThrownBy(() -> create(simulator, null, "api.twilio.com", "api.twilio.com"));
		}
	}

	@Test
	void refusesForeignHostsOverTlsTooAndKnowsItsOwnOrigin() throws Exception {
		try (TwilioSimulator simulator = start()) {
			assertThat(create(simulator, trustStore(), "localhost", "evil.example")).startsWith("HTTP/1.1 403");
			assertThat(create(simulator, trustStore(), "localhost", "localhost\r\nOrigin: http://localhost"))
				.startsWith("HTTP/1.1 403");
			assertThat(create(simulator, trustStore(), "localhost", "localhost\r\nOrigin: https://localhost"))
				.startsWith("HTTP/1.1 201");
		}
	}

	@Test
	void keepsItsCertificatesAndNoKeyThatCouldSignMore() throws Exception {
		String authority;
		try (TwilioSimulator first = start()) {
			authority = Files.readString(first.certificateAuthority());
		}
		try (TwilioSimulator second = start()) {
			assertThat(Files.readString(second.certificateAuthority())).isEqualTo(authority);
		}
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files.map((file) -> file.getFileName().toString())).containsExactlyInAnyOrder(".lock", "ca.pem",
					"ca-bundle.pem", "server.pem", "server-key.pem", "truststore.p12");
		}
		assertThat(
				PosixFilePermissions.toString(Files.getPosixFilePermissions(this.directory.resolve("server-key.pem"))))
			.isEqualTo("rw-------");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.directory.resolve("ca.pem"))))
			.isEqualTo("rw-r--r--");
	}

	@Test
	void makesItsCertificatesAnewWhereOneIsMissingOrBroken() throws Exception {
		start().close();
		for (String file : List.of("server-key.pem", "truststore.p12", "server.pem")) {
			if (file.equals("server.pem")) {
				Files.writeString(this.directory.resolve(file), "nothing");
			}
			else {
				Files.delete(this.directory.resolve(file));
			}
			try (TwilioSimulator simulator = start()) {
				assertThat(create(simulator, trustStore(), "localhost", "localhost")).startsWith("HTTP/1.1 201");
			}
		}
	}

	@Test
	void makesThemOnceWhereSeveralStartAtOnce() {
		List<String> authorities = IntStream.range(0, 8).parallel().mapToObj((i) -> {
			try (TwilioSimulator simulator = start()) {
				return Files.readString(simulator.certificateAuthority());
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}).distinct().toList();
		assertThat(authorities).hasSize(1);
	}

	@Test
	void bundlesItsAuthorityWithWhatIsTrustedAnyway() throws Exception {
		start().close();
		try (InputStream bundle = Files.newInputStream(this.directory.resolve("ca-bundle.pem"));
				InputStream alone = Files.newInputStream(this.directory.resolve("ca.pem"))) {
			CertificateFactory factory = CertificateFactory.getInstance("X.509");
			assertThat(List.<Object>copyOf(factory.generateCertificates(bundle))).hasSizeGreaterThan(10)
				.contains(factory.generateCertificate(alone));
		}
	}

	@Test
	void takesAMessageFromCurlThatAsksForTheProvider() throws Exception {
		Assumptions.assumeTrue("true".equals(System.getenv("CI")) || Files.isExecutable(Path.of("/usr/bin/curl")),
				"curl isn't tested: /usr/bin/curl is missing");
		try (TwilioSimulator simulator = start()) {
			// In place of an entry in the machine's hosts file.
			ProcessBuilder curl = new ProcessBuilder("/usr/bin/curl", "--silent", "--show-error", "--noproxy", "*",
					"--connect-to", "api.twilio.com:443:127.0.0.1:" + simulator.tlsUrl().getPort(), "--user",
					simulator.accountSid() + ":" + simulator.authToken(), "--data", CREATE,
					"https://api.twilio.com" + new ApiClient(simulator).accountPath() + "/Messages.json");
			curl.environment().put("CURL_CA_BUNDLE", this.directory.resolve("ca-bundle.pem").toString());
			Process process = curl.redirectErrorStream(true).start();
			assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.contains("\"status\":\"queued\"");
			assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
		}
	}

	private TwilioSimulator start() {
		return TwilioSimulator.builder().tlsPort(0).tlsDirectory(this.directory).start();
	}

	private KeyStore trustStore() throws Exception {
		return KeyStore.getInstance(this.directory.resolve("truststore.p12").toFile(), "changeit".toCharArray());
	}

	/** As a client that finds the name at 127.0.0.1. */
	private static String create(TwilioSimulator simulator, KeyStore trusted, String name, String host)
			throws Exception {
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		URI url = simulator.tlsUrl();
		ApiClient api = new ApiClient(simulator);
		String credentials = api.request("/Messages.json").build().headers().firstValue("Authorization").orElseThrow();
		try (Socket socket = new Socket("127.0.0.1", url.getPort());
				SSLSocket tls = (SSLSocket) context.getSocketFactory()
					.createSocket(socket, name, url.getPort(), true)) {
			tls.setSoTimeout(10_000);
			SSLParameters parameters = tls.getSSLParameters();
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
			tls.setSSLParameters(parameters);
			OutputStream out = tls.getOutputStream();
			out.write(("POST " + api.accountPath() + "/Messages.json HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: "
					+ credentials + "\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
					+ "Content-Length: " + CREATE.length() + "\r\n\r\n" + CREATE)
				.getBytes(StandardCharsets.UTF_8));
			return new String(tls.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}

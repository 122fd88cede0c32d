package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Whose requests come in: what a browser that a foreign page misuses sends is written on
 * a socket, byte by byte.
 */
class AccessTests {

	private static final String MESSAGES = "/2010-04-01/Accounts/" + TwilioSimulator.DEFAULT_ACCOUNT_SID
			+ "/Messages.json";

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension(
			(builder) -> builder.allowedHosts("Simulator", "mail.example.com"));

	private TwilioSimulator simulator;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/page/app.js", "/simulator/messages", "/simulator/events", MESSAGES, "/nothing" })
	void refusesANameThatOnlyLeadsHereOnEveryPath(String path) throws IOException {
		assertThat(exchange("GET", path, "Host: evil.example:PORT")).startsWith("HTTP/1.1 403")
			.contains("--allowed-host=evil.example", "127.0.0.1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "eviltwilio.com",
			"twilio.com.evil.example", "notlocalhost", "evil.example@127.0.0.1", "127.0.0.1,evil.example", "[::1",
			"[::1].evil.example", "[evil.example]", "127.0.0.1:80:80", "127.0.0.1:x", "999.0.0.1", "other.simulator" })
	void refusesANameThatOnlyLooksLikeOneOfOurs(String host) throws IOException {
		assertThat(exchange("GET", "/simulator/clock", "Host: " + host)).matches("(?s)HTTP/1.1 40[03].*");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host: localhost\r\nHost: evil.example",
			"Host: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example",
			"Host: localhost\r\nSec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site" })
	void isNotTalkedIntoAnythingByASecondHeader(String headers) throws IOException {
		assertThat(exchange("GET", "/simulator/clock", headers)).startsWith("HTTP/1.1 403");
	}

	@ParameterizedTest
	@CsvSource({ "http://evil.example/simulator/clock,localhost,403", "http://evil.example?/,localhost,403",
			"http://localhost@evil.example/,localhost,403", "http://localhost/simulator/clock,localhost,200",
			"http://api.twilio.com/simulator/clock,api.twilio.com,200", "http://[::1]:PORT,localhost,200",
			"HTTPS://localhost:1?x,localhost,200", "*,localhost,404", "localhost:PORT,localhost,404" })
	void readsTheAddressesThatClientsGiveAProxy(String target, String host, String status) throws IOException {
		assertThat(exchange("GET", target.replace("PORT", "" + this.simulator.port()), "Host: " + host))
			.startsWith("HTTP/1.1 " + status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LOCALHOST:PORT", "localhost.", "shop.localhost:1", "127.0.0.1:PORT",
			"127.8.9.10", "[::1]:PORT", "192.168.1.20:4010", "[2001:db8::1]", "api.twilio.com", "twilio.com:443",
			"api.dublin.ie1.twilio.com", "simulator:4010", "mail.example.com" })
	void letsLoopbackNamesAddressesTheProviderAndAllowedHostsIn(String host) throws IOException {
		assertThat(exchange("GET", "/simulator/clock", "Host: " + host)).startsWith("HTTP/1.1 200");
	}

	@Test
	void letsTheHostInThatItWasToldToListenOn() {
		try (TwilioSimulator named = TwilioSimulator.builder().host("localhost").start()) {
			assertThat(new ApiClient(named).send().status()).isEqualTo(201);
		}
	}

	static Stream<String> foreign() {
		return Stream.of("Origin: https://evil.example", "Origin: null", "Origin: https://127.0.0.1:PORT",
				"Origin: http://127.0.0.1:PORT/", "Origin: http://127.0.0.1", "Origin: http://localhost:PORT",
				"Origin: ", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
				"Origin: http://127.0.0.1:PORT\r\nSec-Fetch-Site: cross-site");
	}

	@ParameterizedTest
	@MethodSource("foreign")
	void takesNoMessageFromTheFormOfAForeignPage(String header) throws IOException {
		String answer = create("Host: 127.0.0.1:PORT\r\n" + header);
		assertThat(answer).startsWith("HTTP/1.1 403").contains("Content-Type: application/json");
		assertThat(this.simulator.requests()).singleElement().returns(403, SimulatedRequest::status);
		assertThat(JsonMapper.shared().readTree(answer.substring(answer.indexOf("\r\n\r\n"))).propertyNames())
			.containsExactly("code", "message", "more_info", "status");
		assertThat(this.simulator.messages()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("foreign")
	void isNotControlledByAForeignPage(String header) throws IOException {
		assertThat(exchange("POST", "/simulator/reset", "Host: 127.0.0.1:PORT\r\n" + header)).startsWith("HTTP/1.1 403")
			.contains("{\"error\":\"A page from elsewhere");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "X-Nothing: 1", "Origin: http://127.0.0.1:PORT", "Sec-Fetch-Site: none",
			"Sec-Fetch-Site: same-origin" })
	void takesAMessageFromItsOwnPageAndFromClientsThatAreNoBrowser(String header) throws IOException {
		assertThat(create("Host: 127.0.0.1:PORT\r\n" + header)).startsWith("HTTP/1.1 201");
	}

	@Test
	void showsItsPageToWhoeverFollowsALink() throws IOException {
		assertThat(exchange("GET", "/", "Host: 127.0.0.1:PORT\r\nSec-Fetch-Site: cross-site"))
			.startsWith("HTTP/1.1 200");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "http://simulator", "simulator:4010", "*", ".example.com", "a b" })
	void saysWhatAnAllowedHostIs(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> TwilioSimulator.builder().allowedHosts(name))
			.withMessageContaining("without scheme and port");
	}

	private String create(String headers) throws IOException {
		String credentials = new ApiClient(this.simulator).request(MESSAGES)
			.build()
			.headers()
			.firstValue("Authorization")
			.orElseThrow();
		return exchange("POST", MESSAGES,
				headers + "\r\nAuthorization: " + credentials + "\r\nContent-Type: application/x-www-form-urlencoded",
				"To=%2B15558675310&From=%2B15017122661&Body=Hi");
	}

	private String exchange(String method, String path, String headers) throws IOException {
		return exchange(method, path, headers, "");
	}

	private String exchange(String method, String path, String headers, String body) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.simulator.port())) {
			socket.setSoTimeout(10_000);
			String request = method + " " + path + " HTTP/1.1\r\n"
					+ headers.replace("PORT", Integer.toString(this.simulator.port()))
					+ "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
			socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}

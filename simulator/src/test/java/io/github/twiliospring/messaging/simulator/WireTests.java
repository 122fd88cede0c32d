package io.github.twiliospring.messaging.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What stands on the wire around the resources: methods, headers, sizes. Every client in
 * every language has its own habits there.
 */
class WireTests {

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension((builder) -> builder.seed(8));

	private TwilioSimulator simulator;

	private ApiClient api;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.api = new ApiClient(this.simulator);
	}

	@Test
	void challengesAClientThatSendsItsCredentialsOnlyWhenAsked() throws Exception {
		HttpClient polite = HttpClient.newBuilder().authenticator(new Authenticator() {

			@Override
			protected PasswordAuthentication getPasswordAuthentication() {
				return new PasswordAuthentication(WireTests.this.simulator.accountSid(),
						WireTests.this.simulator.authToken().toCharArray());
			}

		}).build();
		HttpRequest request = HttpRequest
			.newBuilder(this.simulator.baseUrl().resolve(this.api.accountPath() + "/Messages.json"))
			.build();
		assertThat(polite.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
		HttpResponse<String> refused = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		assertThat(refused.statusCode()).isEqualTo(401);
		assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"Twilio API\"");
	}

	@Test
	void endsEveryConnectionWhenItIsClosed() throws IOException {
		TwilioSimulator closed = TwilioSimulator.builder().start();
		try (Socket unused = new Socket("127.0.0.1", closed.baseUrl().getPort());
				Socket idle = ask(closed, "/simulator/clock");
				Socket streaming = ask(closed, "/simulator/events")) {
			unused.setSoTimeout(20_000);
			closed.close();
			for (Socket socket : List.of(unused, idle, streaming)) {
				// To its end.
				socket.getInputStream().transferTo(OutputStream.nullOutputStream());
			}
		}
		finally {
			closed.close();
		}
	}

	private static Socket ask(TwilioSimulator simulator, String path) throws IOException {
		Socket socket = new Socket("127.0.0.1", simulator.baseUrl().getPort());
		socket.setSoTimeout(20_000);
		socket.getOutputStream()
			.write("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".formatted(path).getBytes(StandardCharsets.US_ASCII));
		assertThat(socket.getInputStream().read()).isEqualTo('H');
		return socket;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "PUT|/Messages.json|GET, POST", "PATCH|/Messages/{sid}.json|GET, POST, DELETE",
					"POST|/Messages/{sid}/Media.json|GET", "GET|/Messages/{sid}/Feedback.json|POST",
					"OPTIONS|/Messages.json|GET, POST", "POST|.json|GET" })
	void namesTheMethodsThatAResourceKnows(String method, String path, String allowed) {
		String sid = this.api.send().sid();
		Answer answer = this.api.exchange(this.api.request(this.api.accountPath() + path.replace("{sid}", sid))
			.method(method, BodyPublishers.noBody()));
		assertThat(answer.status()).isEqualTo(405);
		assertThat(answer.json().get("code").asInt()).isEqualTo(20004);
		assertThat(answer.response().headers().firstValue("Allow")).contains(allowed);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "PUT|/messages|GET", "GET|/reset|POST", "PATCH|/outcomes|GET, POST, DELETE",
			"POST|/messages/SM0|GET" })
	void namesTheMethodsThatTheControlKnows(String method, String path, String allowed) {
		Answer answer = this.api
			.exchange(this.api.request("/simulator" + path).method(method, BodyPublishers.noBody()));
		assertThat(answer.status()).isEqualTo(405);
		assertThat(answer.text("error")).contains(allowed);
		assertThat(answer.response().headers().firstValue("Allow")).contains(allowed);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/page/app.js", "/simulator/clock", "/simulator/events",
			"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json" })
	void answersARequestForTheHeadersAloneWithoutABody(String path) throws IOException {
		String credentials = this.api.request("/Messages.json").build().headers().firstValue("Authorization").get();
		try (Socket socket = new Socket("127.0.0.1", this.simulator.port())) {
			socket.setSoTimeout(10_000);
			String head = "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + credentials + "\r\n\r\n";
			String next = "GET /simulator/clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
			socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
			socket.getOutputStream().write(next.getBytes(StandardCharsets.UTF_8));
			String both = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			// What follows the headers of the first answer is the second one.
			assertThat(both).startsWith("HTTP/1.1 200 OK")
				.contains("\r\n\r\nHTTP/1.1 200 OK")
				.endsWith("\"manual\":true}");
		}
	}

	@Test
	void refusesATooLargeBodyInTheProvidersFormAndKeepsTheCall() {
		Answer answer = this.api.postRaw("/Messages.json", "Body=" + "a".repeat(1_000_000));
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.json().get("status").asInt()).isEqualTo(413);
		assertThat(answer.json().get("code").asInt()).isEqualTo(20413);
		assertThat(answer.text("message")).contains("too large");
		assertThat(this.simulator.requests()).singleElement().extracting(SimulatedRequest::status).isEqualTo(413);
		Answer control = this.api.postRaw("/simulator/inbound", "body=" + "a".repeat(1_000_000));
		assertThat(control.status()).isEqualTo(413);
		assertThat(control.text("error")).contains("too large");
	}

	@Test
	void readsATooLargeBodyToItsEndSoThatTheAnswerIsNotLost() throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.simulator.port())) {
			socket.setSoTimeout(10_000);
			String head = "POST /simulator/inbound HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n";
			String next = "GET /simulator/clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
			socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
			socket.getOutputStream().write(new byte[4_000_000]);
			socket.getOutputStream().write(next.getBytes(StandardCharsets.UTF_8));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.startsWith("HTTP/1.1 413")
				.contains("HTTP/1.1 200 OK")
				.endsWith("\"manual\":true}");
		}
	}

	@Test
	void waitsForNobodyWhoSendsHalfARequest() throws IOException {
		Socket[] slow = new Socket[40];
		for (int i = 0; i < slow.length; i++) {
			slow[i] = new Socket("127.0.0.1", this.simulator.port());
			OutputStream out = slow[i].getOutputStream();
			out.write("POST /simulator/inbound HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nfrom="
				.getBytes(StandardCharsets.UTF_8));
		}
		assertThat(this.api.send().status()).isEqualTo(201);
		long start = System.nanoTime();
		this.simulator.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		for (Socket each : slow) {
			each.close();
		}
	}

	@Test
	void streamsEventsToAProxyOfTheOldVersionWithoutChunks() throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.simulator.port())) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream()
				.write("GET /simulator/events HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
			BufferedReader lines = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
			List<String> head = lines.lines().takeWhile((line) -> !line.isEmpty()).toList();
			assertThat(head).noneMatch((line) -> line.toLowerCase(Locale.ROOT).startsWith("transfer-encoding"));
			assertThat(lines.readLine()).isEqualTo("event: hello");
		}
	}

	@Test
	void outlivesReadersOfEventsThatNeverReadOrLeave() throws IOException {
		Socket[] readers = new Socket[20];
		for (int i = 0; i < readers.length; i++) {
			readers[i] = new Socket("127.0.0.1", this.simulator.port());
			readers[i].getOutputStream()
				.write("GET /simulator/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
			InputStream in = readers[i].getInputStream();
			assertThat(in.read()).isEqualTo('H');
		}
		for (int i = 0; i < 10; i++) {
			readers[i].close();
		}
		for (int i = 0; i < 200; i++) {
			assertThat(this.api.send("Body", "a".repeat(1000)).status()).isEqualTo(201);
		}
		this.simulator.clock().advance(Duration.ofMinutes(1));
		assertThat(this.simulator.messages()).hasSize(200);
		for (Socket each : readers) {
			each.close();
		}
	}

}

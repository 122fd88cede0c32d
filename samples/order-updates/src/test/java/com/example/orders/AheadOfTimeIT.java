package com.example.orders;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.JavaProcess;
import io.github.twiliospring.messaging.webhook.FormParameters;
import io.github.twiliospring.messaging.webhook.StatusCallbackUrl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged application, processed ahead of time by the build, in a process of its
 * own.
 */
class AheadOfTimeIT {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final HttpClient client = HttpClient.newHttpClient();

	@Test
	void handsSignedReportsToTheHandlerOfAnApplicationThatWasProcessedAheadOfTime() throws Exception {
		try (JavaProcess application = JavaProcess.start(List.of("-Dspring.aot.enabled=true", "-jar",
				System.getProperty("sample.jar"), "--server.port=0", "--server.address=127.0.0.1"))) {
			application.await("Starting AOT-processed OrderUpdatesApplication");
			String simulator = application.await("WARN.* talks to a simulator, at (http://\\S+):").group(1);
			application.await("handled by orderUpdates\\.track\\(StatusUpdate\\)");
			String base = "http://localhost:" + application.await("Tomcat started on port (\\d+)").group(1);
			send(HttpRequest.newBuilder(URI.create(base + "/orders/order-50?customer=%2B15558675350"))
				.PUT(BodyPublishers.noBody()));
			// The simulator inside it calls back over HTTP.
			Awaitility.await().atMost(TIMEOUT).until(() -> orders(base).contains("\"message\":\"delivered\""));
			assertThat(report(base, "a-forger's-token")).isEqualTo(403);
			assertThat(orders(base)).doesNotContain("failed");
			// Of an earlier version: its simulator's token was the same everywhere.
			assertThat(report(base, "0123456789abcdef0123456789abcdef")).isEqualTo(403);
			assertThat(orders(base)).doesNotContain("failed");
			send(HttpRequest.newBuilder(URI.create(simulator + "/simulator/outcomes?error_code=30003&status=failed"))
				.POST(BodyPublishers.noBody()));
			send(HttpRequest.newBuilder(URI.create(base + "/orders/order-51?customer=%2B15558675351"))
				.PUT(BodyPublishers.noBody()));
			Awaitility.await().atMost(TIMEOUT).until(() -> orders(base).contains("failed (UNREACHABLE)"));
		}
	}

	// About another message of the same order.
	private int report(String base, String token) throws Exception {
		String url = base + "/twilio/status?" + StatusCallbackUrl.REFERENCE + "=order-50";
		String form = "AccountSid=" + TwilioSimulator.DEFAULT_ACCOUNT_SID
				+ "&MessageSid=SM0123456789abcdef0123456789abcd50&MessageStatus=failed&ErrorCode=30003";
		return send(HttpRequest.newBuilder(URI.create(url))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.header(RequestSigner.SIGNATURE_HEADER, new RequestSigner(token).sign(url, FormParameters.parse(form, 10)))
			.POST(BodyPublishers.ofString(form))).statusCode();
	}

	private String orders(String base) throws Exception {
		return send(HttpRequest.newBuilder(URI.create(base + "/orders"))).body();
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
	}

}

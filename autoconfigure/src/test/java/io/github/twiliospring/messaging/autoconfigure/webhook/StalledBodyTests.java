package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.time.Duration;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bodies that never end, at the application's own endpoints: whoever sends one gets no
 * thread and no memory for it, and no more than a line a second in the log.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class StalledBodyTests {

	private static final String VERIFIED = "/voice/7";

	private static final String REFUSED = "Refused a webhook whose body took longer than";

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void aBodyWithoutEndIsTakenNoFurtherThanBuffersReach(WebApplicationType stack) throws IOException {
		try (WebhookApplication application = start(stack)) {
			assertThat(WebhookClient.flood(application.port(), VERIFIED)).isLessThan(16L << 20);
		}
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,true", "REACTIVE,true", "REACTIVE,false" })
	void aBodyThatStallsOrTricklesInIsRefusedAtTheDeadline(WebApplicationType stack, boolean drip,
			CapturedOutput output) throws IOException {
		try (WebhookApplication application = start(stack)) {
			assertThat(WebhookClient.stall(application.port(), VERIFIED, drip, () -> awaitIdle(stack, application)))
				.isEqualTo(408);
			assertNoFaultIsLogged(output);
		}
	}

	@Test
	void aBodyThatStallsIsRefusedAtTomcatsReadTimeoutAndItsThreadIsFree(CapturedOutput output) throws IOException {
		try (WebhookApplication application = start(WebApplicationType.SERVLET,
				"server.tomcat.connection-timeout=500ms")) {
			assertThat(WebhookClient.stall(application.port(), VERIFIED, false,
					() -> awaitIdle(WebApplicationType.SERVLET, application)))
				.isEqualTo(408);
			assertNoFaultIsLogged(output);
		}
	}

	@Test
	void aBodyThatStallsAtTheLibrarysOwnPathHoldsNoThreadOfTomcat() throws IOException {
		try (WebhookApplication application = start(WebApplicationType.SERVLET)) {
			assertThat(WebhookClient.stall(application.port(), WebhookApplication.PATH, false,
					() -> awaitIdle(WebApplicationType.SERVLET, application)))
				.isEqualTo(408);
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void aStatusUpdateWhoseBodyComesTooLateIsALineInTheLogAndManyAreOne(Server server, CapturedOutput output)
			throws IOException {
		try (WebhookApplication application = WebhookApplication.start(server, false, WebhookApplication.Handlers.class,
				"twilio.messaging.webhook.request.body-timeout=10ms")) {
			long start = System.nanoTime();
			for (int i = 0; i < 20; i++) {
				assertThat(WebhookClient.stall(application.port(), WebhookApplication.PATH, false, () -> {
				})).isEqualTo(408);
			}
			long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
			assertThat(output.getOut().split(REFUSED, -1).length - 1).isBetween(1, (int) seconds + 2);
		}
	}

	// While the application runs: Netty complains of a loop that has ended where the
	// client, and then the server, close before the thread of the answer is through.
	private static void assertNoFaultIsLogged(CapturedOutput output) {
		assertThat(output).contains(REFUSED).doesNotContain("ERROR");
	}

	private static void awaitIdle(WebApplicationType stack, WebhookApplication application) {
		if (stack == WebApplicationType.SERVLET) {
			Awaitility.await().atMost(TIMEOUT).until(() -> application.busyThreads() == 0);
		}
	}

	// Tomcat's own timeout is out of reach, unless a test sets it.
	private static WebhookApplication start(WebApplicationType stack, String... properties) {
		String[] all = new String[properties.length + 1];
		all[0] = "server.tomcat.connection-timeout=5m";
		System.arraycopy(properties, 0, all, 1, properties.length);
		return WebhookApplication.start(stack, false, VerifiedWebhookTests.Voice.class, all);
	}

}

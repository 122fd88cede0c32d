package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.testsupport.FreePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An API that is down for hours, by the simulator's clock.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApiOutageTests {

	@Test
	void anEntryOutlivesSixHoursWithoutTheApiInPausesThatGrow() throws Exception {
		int port = FreePort.find();
		try (TwilioSimulator simulator = TwilioSimulator.builder()
			.manualClock()
			.authToken("0123456789abcdef0123456789abcdef")
			.start(); TestOutbox test = open(simulator, port).withSchema("h2").start()) {
			Instant end = simulator.clock().instant().plus(Duration.ofHours(6));
			test.outbox.send("ship-1", to("+15558675310").body("On its way"));
			List<Duration> pauses = new ArrayList<>();
			while (simulator.clock().instant().isBefore(end)) {
				pauses.add(pauseAfter(test, pauses.size() + 1));
				// A second more, as much as two clocks may differ.
				simulator.clock().advance(pauses.get(pauses.size() - 1).plusSeconds(1));
			}
			OutboxEntry waiting = test.entry("ship-1");
			assertThat(waiting.problem()).isEqualTo("the API wasn't reached");
			System.out.printf("API DOWN for 6 h: %d attempts, the first pauses: %s%n", pauses.size(),
					pauses.subList(0, 8));
			assertThat(pauses.subList(0, 7)).isSorted().doesNotHaveDuplicates();
			assertThat(pauses.get(0)).isBetween(Duration.ofMillis(3750), Duration.ofMillis(6250));
			assertThat(pauses.subList(7, pauses.size()))
				.allSatisfy((pause) -> assertThat(pause).isBetween(Duration.ofSeconds(225), Duration.ofSeconds(375)));
			// Six hours of pauses between 225 and 375 seconds, after the first ones.
			assertThat(pauses).hasSizeBetween(60, 105);
			try (ScriptedApi api = new ScriptedApi(simulator, port)) {
				simulator.clock().advance(Duration.ofMinutes(7));
				OutboxEntry sent = test.awaitState("ship-1", OutboxState.SENT);
				assertThat(api.creates("On its way")).isEqualTo(1);
				assertThat(simulator.messages()).singleElement()
					.satisfies((message) -> assertThat(message.sid()).isEqualTo(sent.messageSid()));
			}
		}
	}

	@Test
	void theLogSaysOnceWhatHoldsEntriesUp(CapturedOutput output) {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = start(simulator, (builder) -> builder)) {
			simulator.inject(Fault.status(401).times(3).on("POST"));
			test.outbox.send("ship-1", to("+15558675310").body("On its way"));
			test.awaitState("ship-1", OutboxState.SENT);
		}
		assertThat(output.getAll()).containsOnlyOnce("The API refused the credentials (HTTP 401)")
			.contains("check the account SID, and the auth token or the API key")
			.doesNotContain("5558675310")
			.doesNotContain("On its way");
	}

	@Test
	void theLogSaysOnceThatAPersonHasToDecideWhereNoMethodHearsOfIt(CapturedOutput output) {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = start(simulator, (builder) -> builder.unresolvedAfter(Duration.ofSeconds(1)))) {
			simulator.inject(Fault.status(500).times(2).on("POST"));
			test.outbox.send("ship-1", to("+15558675310").body("On its way"));
			test.outbox.send("ship-2", to("+15558675311").body("On its way"));
			test.awaitState("ship-1", OutboxState.UNRESOLVED);
			test.awaitState("ship-2", OutboxState.UNRESOLVED);
			// Said behind the state.
			await().atMost(TestOutbox.TIMEOUT).until(() -> output.getAll().contains("MessagingOutbox.unresolved()"));
		}
		assertThat(output.getAll()).containsOnlyOnce("MessagingOutbox.unresolved()").doesNotContain("ship-1");
	}

	@Test
	void theLogSaysOnceWhyAnEntryWasRejectedWhereNoMethodHearsOfIt(CapturedOutput output) {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = start(simulator, (builder) -> builder)) {
			// One of the provider's numbers for tests, that is none.
			test.outbox.send("ship-1", to("+15005550001").body("On its way"));
			test.outbox.send("ship-2", to("+15005550001").body("On its way"));
			test.awaitState("ship-1", OutboxState.REJECTED);
			test.awaitState("ship-2", OutboxState.REJECTED);
			// Said behind the state.
			await().atMost(TestOutbox.TIMEOUT).until(() -> output.getAll().contains("rejected, and no @OutboxUpdate"));
		}
		assertThat(output.getAll())
			.containsOnlyOnce("rejected, and no @OutboxUpdate method hears of it: HTTP 400, code 21211")
			.doesNotContain("5550001")
			.doesNotContain("On its way");
	}

	@Test
	void theLogSaysNothingOfARejectionThatAMethodHearsOf(CapturedOutput output) {
		RejectionListener listener = new RejectionListener();
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("listener", listener);
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = start(simulator, (builder) -> builder.beanFactory(beans))) {
			test.outbox.send("ship-1", to("+15005550001").body("On its way"));
			await().atMost(TestOutbox.TIMEOUT).until(() -> "ship-1".equals(listener.heard));
		}
		assertThat(output.getAll()).doesNotContain("no @OutboxUpdate");
	}

	// How long after it the next attempt is due.
	private static Duration pauseAfter(TestOutbox test, int attempt) {
		await().atMost(TestOutbox.TIMEOUT)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> test.entry("ship-1"),
					(entry) -> entry.attempts() == attempt && entry.state() == OutboxState.WAITING);
		return test.database.sql("select attempted_at, next_at from twilio_outbox")
			.query((row, number) -> Duration.between(row.getTimestamp(1).toInstant(), row.getTimestamp(2).toInstant()))
			.single();
	}

	private static TestOutbox start(TwilioSimulator simulator, UnaryOperator<JdbcMessagingOutboxBuilder> change) {
		return TestOutbox.of(TestDatabase.H2.create(), TestOutbox.template(simulator.baseUrl().toString()), change)
			.withSchema("h2")
			.start();
	}

	private static TestOutbox open(TwilioSimulator simulator, int port) {
		return TestOutbox.of(TestDatabase.H2.create(),
				TestOutbox.template("http://localhost:" + port).deadline(Duration.ofSeconds(20)),
				(builder) -> builder.clock(simulator.clock())
					.pollInterval(Duration.ofMillis(10))
					// What production has.
					.pauses(Duration.ofSeconds(5), Duration.ofMinutes(5)));
	}

	static class RejectionListener {

		volatile String heard;

		@OutboxUpdate(OutboxState.REJECTED)
		void rejected(OutboxEntry entry) {
			this.heard = entry.key();
		}

	}

}

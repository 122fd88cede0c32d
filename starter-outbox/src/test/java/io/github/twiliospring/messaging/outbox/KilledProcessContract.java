package io.github.twiliospring.messaging.outbox;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.testsupport.JavaProcess;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.junit.jupiter.api.Test;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Processes that are killed while they send: what may exist is never sent again.
 */
abstract class KilledProcessContract {

	private static final String CUSTOMER = "+15558675310";

	private final String url = jdbcUrl();

	/**
	 * A database without tables, which other processes reach.
	 */
	abstract String jdbcUrl();

	abstract String platform();

	@Test
	void anEntryWhoseProcessDiedBeforeTheAnswerIsUnknownAndItsMessageIsFound() throws Exception {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox survivor = survivor(simulator, Duration.ofSeconds(60))) {
			simulator.inject(Fault.hang().times(1).on("POST"));
			// It's looked for at once, and a second time when as long again is over.
			simulator.inject(Fault.status(503).on("GET").times(3));
			survivor.outbox.send("ship-1", to(CUSTOMER).body("On its way"));
			try (JavaProcess killed = JavaProcess.start(SenderProcess.class, this.url,
					simulator.baseUrl().toString())) {
				simulator.awaitMessage(MessageMatcher.sentTo(CUSTOMER), TestOutbox.TIMEOUT);
				killed.kill();
			}
			assertThat(survivor.entry("ship-1").state()).isEqualTo(OutboxState.SENDING);
			survivor.start();
			survivor.awaitState("ship-1", OutboxState.UNKNOWN);
			OutboxEntry sent = survivor.awaitState("ship-1", OutboxState.SENT);
			assertThat(sent.attempts()).isEqualTo(1);
			assertThat(simulator.messages()).singleElement()
				.satisfies((message) -> assertThat(message.sid()).isEqualTo(sent.messageSid()));
		}
	}

	@Test
	void anEntryWhoseProcessDiedIsSentOnceItsStatusCallbackComes() throws Exception {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox survivor = survivor(simulator, Duration.ofSeconds(60))) {
			simulator.inject(Fault.hang().times(1).on("POST"));
			simulator.inject(Fault.status(503).on("GET"));
			survivor.outbox.send("ship-1", to(CUSTOMER).body("On its way").statusCallback("http://localhost:1/status"));
			try (JavaProcess killed = JavaProcess.start(SenderProcess.class, this.url,
					simulator.baseUrl().toString())) {
				simulator.awaitMessage(MessageMatcher.sentTo(CUSTOMER), TestOutbox.TIMEOUT);
				killed.kill();
			}
			survivor.start();
			survivor.awaitState("ship-1", OutboxState.UNKNOWN);
			SimulatedMessage message = simulator.messages().get(0);
			String sendId = message.statusCallback().replaceAll(".*message-send-id=([^&]*).*", "$1");
			survivor.outbox.settle(StatusUpdate.of(
					Map.of("MessageSid", List.of(message.sid()), "AccountSid", List.of(simulator.accountSid()),
							"MessageStatus", List.of("undelivered"), "ErrorCode", List.of("30003")),
					Map.of("message-send-id", List.of(sendId))));
			OutboxEntry sent = survivor.entry("ship-1");
			assertThat(sent.state()).isEqualTo(OutboxState.SENT);
			assertThat(sent.messageSid()).isEqualTo(message.sid());
			assertThat(sent.lastStatus()).isEqualTo(MessageStatus.UNDELIVERED);
			assertThat(sent.errorCode()).isEqualTo(30003);
			assertThat(simulator.messages()).hasSize(1);
		}
	}

	@Test
	void aMessageThatWasNeverCreatedIsntCreatedLaterButLeftToAPerson() throws Exception {
		try (ServerSocket peer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox survivor = survivor(simulator, Duration.ofSeconds(3))) {
			survivor.outbox.send("ship-1", to(CUSTOMER).body("On its way"));
			try (JavaProcess killed = JavaProcess.start(SenderProcess.class, this.url,
					"http://localhost:" + peer.getLocalPort()); Socket connection = peer.accept()) {
				assertThat(connection.getInputStream().read()).as("the request's first byte").isEqualTo('P');
				killed.kill();
			}
			survivor.start();
			survivor.awaitState("ship-1", OutboxState.UNRESOLVED);
			assertThat(survivor.outbox.unresolved()).extracting(OutboxEntry::key).containsExactly("ship-1");
			assertThat(simulator.messages()).isEmpty();
			assertThat(survivor.outbox.resolve("ship-1", Resolution.SEND_AGAIN)).isTrue();
			survivor.awaitState("ship-1", OutboxState.SENT);
			assertThat(simulator.messages()).hasSize(1);
		}
	}

	@Test
	void killedBetweenTheClaimAndTheWriteItsLeftToAPerson() throws Exception {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox survivor = survivor(simulator, Duration.ofSeconds(3))) {
			survivor.outbox.send("ship-1", to(CUSTOMER).body("On its way"));
			killAt("before-the-write", simulator);
			assertThat(survivor.entry("ship-1").state()).isEqualTo(OutboxState.SENDING);
			survivor.start();
			survivor.awaitState("ship-1", OutboxState.UNRESOLVED);
			assertThat(simulator.messages()).isEmpty();
		}
	}

	@Test
	void killedBetweenTheAnswerAndTheMarkItsMessageIsFound() throws Exception {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox survivor = survivor(simulator, Duration.ofSeconds(60))) {
			survivor.outbox.send("ship-1", to(CUSTOMER).body("On its way"));
			killAt("before-the-mark", simulator);
			assertThat(survivor.entry("ship-1").state()).isEqualTo(OutboxState.SENDING);
			survivor.start();
			OutboxEntry sent = survivor.awaitState("ship-1", OutboxState.SENT);
			assertThat(simulator.messages()).singleElement()
				.satisfies((message) -> assertThat(message.sid()).isEqualTo(sent.messageSid()));
		}
	}

	@Test
	void killedAmidABatchWholePortionsAreThereWithTheirWakeUps() throws Exception {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox survivor = survivor(simulator, Duration.ofSeconds(60))) {
			killAt("amid-the-insert", simulator);
			for (String table : List.of("twilio_outbox", "twilio_outbox_tasks")) {
				assertThat(survivor.database.sql("select count(*) from " + table).query(Integer.class).single())
					.as(table)
					.isEqualTo(500);
			}
		}
	}

	@Test
	void killedInTheInstructionAfterTheCommitTheEntryIsSentByAnother() throws Exception {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox survivor = survivor(simulator, Duration.ofSeconds(60));
				JavaProcess killed = JavaProcess.start(SenderProcess.class, this.url, simulator.baseUrl().toString(),
						"250", "after-the-commit")) {
			await().atMost(TestOutbox.TIMEOUT)
				.until(() -> survivor.rows("twilio_outbox_tasks"), (tasks) -> tasks == 1000);
			killed.tell("Commit, and die.");
			assertThat(killed.awaitEnd()).isEqualTo(137);
			survivor.start();
			survivor.awaitState("committed", OutboxState.SENT);
			assertThat(simulator.messages()).hasSize(1);
		}
	}

	private void killAt(String point, TwilioSimulator simulator) throws Exception {
		try (JavaProcess killed = JavaProcess.start(SenderProcess.class, this.url, simulator.baseUrl().toString(),
				"250", point)) {
			killed.await("^" + point);
			killed.kill();
		}
	}

	private TestOutbox survivor(TwilioSimulator simulator, Duration unresolvedAfter) {
		return TestOutbox
			.of(this.url, TestOutbox.template(simulator.baseUrl().toString()),
					(builder) -> builder.unresolvedAfter(unresolvedAfter))
			.withSchema(platform());
	}

}

package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.FreePort;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of an entry under every fault of the API, on two instances that share a
 * PostgreSQL. All entries are on their way at once. Prints a row for each.
 */
class OutboxFaultMatrixTests {

	private static final String CUSTOMER = "+15558675310";

	private static TwilioSimulator simulator;

	private static ScriptedApi api;

	private static TestOutbox first;

	private static TestOutbox second;

	private static Journal journal;

	@BeforeAll
	static void start() throws IOException {
		String url = TestPostgres.database();
		simulator = TestOutbox.simulator();
		api = new ScriptedApi(simulator);
		first = instance(url, api.url()).withSchema("postgresql");
		second = instance(url, api.url());
		journal = new Journal(first);
		rows().forEach((row) -> {
			api.script(row.key(), row.fault().script(row.processed()));
			first.outbox.send(row.key(), to(row.recipient()).body(row.key()));
		});
		first.start();
		second.start();
	}

	@AfterAll
	static void stop() throws IOException {
		// What hangs, first.
		api.close();
		first.close();
		second.close();
		simulator.close();
	}

	static Stream<Row> rows() {
		return Stream.of(ApiFault.values())
			.flatMap((fault) -> (fault.meaning() != ApiFault.Meaning.UNKNOWN) ? Stream.of(new Row(fault, false))
					: Stream.of(new Row(fault, false), new Row(fault, true)));
	}

	@ParameterizedTest
	@MethodSource("rows")
	void anEntryEndsAsTheTableOfItsStatesSaysAndNeverInTwoMessages(Row row) {
		await().atMost(TestOutbox.TIMEOUT).until(() -> journal.of(row.key()), row.states()::equals);
		OutboxEntry entry = first.entry(row.key());
		List<SimulatedMessage> messages = messages(row.key());
		System.out.printf("OUTBOX %-32s %-11s %-52s attempts=%d messages=%d%n", row.fault(),
				row.processed() ? "processed" : "", row.states(), entry.attempts(), messages.size());
		assertThat(messages).hasSize((entry.state() == OutboxState.SENT) ? 1 : 0);
		assertThat(api.creates(row.key())).isEqualTo(entry.attempts());
		if (entry.state() == OutboxState.SENT) {
			assertThat(entry.messageSid()).isEqualTo(messages.get(0).sid());
		}
		if (row.fault().meaning() == ApiFault.Meaning.AGAIN_AFTER_A_SECOND) {
			assertThat(Duration.between(entry.createdAt(), entry.endedAt()))
				.isGreaterThanOrEqualTo(Duration.ofSeconds(1));
		}
		if (row.fault().meaning() == ApiFault.Meaning.AGAIN_LATER) {
			Instant next = first.database.sql("select next_at from twilio_outbox where message_key = :key")
				.param("key", row.key())
				.query(Instant.class)
				.single();
			assertThat(Duration.between(entry.createdAt(), next)).isGreaterThan(Duration.ofSeconds(60));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "FIN_BEFORE_READING", "RST_BEFORE_READING" })
	void whatWasCutOffBeforeItWasReadIsSentAgainOnlyIfThatIsSure(String fault) throws IOException {
		try (TwilioSimulator world = TestOutbox.simulator(); ScriptedApi peer = new ScriptedApi(world)) {
			peer.scriptUnread((call) -> fault.startsWith("FIN") ? call.finish() : call.reset());
			try (TestOutbox test = instance(TestPostgres.database(), peer.url()).withSchema("postgresql")) {
				Journal states = new Journal(test);
				test.outbox.send(fault, to(CUSTOMER).body(fault));
				test.start();
				await().atMost(TestOutbox.TIMEOUT)
					.until(() -> test.entry(fault).state() == OutboxState.SENT
							|| test.entry(fault).state() == OutboxState.UNRESOLVED);
				boolean sent = test.entry(fault).state() == OutboxState.SENT;
				System.out.printf("OUTBOX %-44s %-52s messages=%d%n", fault, states.of(fault), world.messages().size());
				assertThat(world.messages()).hasSize(sent ? 1 : 0);
				assertThat(states.of(fault)).isEqualTo(sent ? "waiting → sending → waiting → sending → sent"
						: "waiting → sending → unknown → unresolved");
			}
		}
	}

	@Test
	void whatFoundNoApiIsSentOnceItsThere() throws IOException {
		int port = FreePort.find();
		try (TestOutbox test = instance(TestPostgres.database(), "http://localhost:" + port).withSchema("postgresql")
			.start()) {
			test.outbox.send("refused", to(CUSTOMER).body("refused"));
			await().atMost(TestOutbox.TIMEOUT).until(() -> test.entry("refused").attempts() > 1);
			assertThat(test.entry("refused").problem()).isEqualTo("the API wasn't reached");
			try (ScriptedApi peer = new ScriptedApi(simulator, port)) {
				test.awaitState("refused", OutboxState.SENT);
				assertThat(peer.creates("refused")).isEqualTo(1);
			}
			assertThat(messages("refused")).hasSize(1);
		}
	}

	private static List<SimulatedMessage> messages(String body) {
		return simulator.messages().stream().filter(MessageMatcher.body(body)::matches).toList();
	}

	private static TestOutbox instance(String url, String api) {
		return TestOutbox.of(url, TestOutbox.template(api),
				(builder) -> builder.unresolvedAfter(Duration.ofSeconds(6)).heartbeat(Duration.ofSeconds(2)));
	}

	/**
	 * An entry, and what happens to it.
	 */
	record Row(ApiFault fault, boolean processed) {

		String key() {
			return this.fault + (this.processed ? "-processed" : "");
		}

		String recipient() {
			return "+1555" + (8675300 + this.fault.ordinal());
		}

		String states() {
			return switch (this.fault.meaning()) {
				case ACCEPTED -> "waiting → sending → sent";
				case REJECTED -> "waiting → sending → rejected";
				case AGAIN, AGAIN_AFTER_A_SECOND -> "waiting → sending → waiting → sending → sent";
				case AGAIN_LATER -> "waiting → sending → waiting";
				case UNKNOWN -> "waiting → sending → unknown → " + (this.processed ? "sent" : "unresolved");
			};
		}

		@Override
		public String toString() {
			return key();
		}

	}

}

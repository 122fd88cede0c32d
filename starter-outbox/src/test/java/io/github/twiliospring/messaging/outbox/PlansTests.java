package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * That no statement reads the whole of a table, however many entries wait or have ended.
 */
class PlansTests {

	private static final int WAITING = Integer.getInteger("outbox.plans.waiting", 50_000);

	private static final String CUSTOMER = "+15558675310";

	// As many have ended as wait.
	private static final String ENTRIES = """
			insert into twilio_outbox (id, message_key, state, version, content, fingerprint, content_check, send_at,
			 priority, next_at, attempts, send_id, attempted_at, message_sid, untold, created_at, ended_at)
			select gen_random_uuid(), 'entry-' || i, case when ended then 'sent' else 'waiting' end, 1,
			 case when ended then null else '{}' end, i %% 65536, 1, at, 0,
			 case when ended then null else at + interval '60 days' end, 0,
			 case when ended then gen_random_uuid() end, case when ended then at end,
			 case when ended then 'SM' || lpad(i::text, 32, '0') end, false, at, case when ended then at end
			from (select i, i > %1$d as ended, now() - interval '29 days' + i * interval '2 seconds' as at
			 from generate_series(1, 2 * %1$d) i) numbers""";

	// A month ago.
	private static final String OLD = """
			insert into twilio_outbox (id, message_key, state, version, fingerprint, content_check, send_at, priority, attempts,
			 untold, created_at, ended_at)
			select gen_random_uuid(), 'old-' || i, 'canceled', 1, 1, 1, at, 0, 0, false, at, at
			from (select i, now() - interval '40 days' as at from generate_series(1, 3) i) numbers""";

	private static final String TASKS = """
			insert into twilio_outbox_tasks (task_name, task_instance, execution_time, picked, version)
			select 'twilio-outbox-entry', id, next_at, false, 1 from twilio_outbox where next_at is not null""";

	@Test
	void everyStatementFindsItsRowsByAnIndex() {
		try (HikariDataSource pool = TestDatabase.pool(TestDatabase.POSTGRESQL.create(), true);
				TwilioSimulator simulator = TestOutbox.simulator()) {
			TestOutbox.createSchema(pool, "postgresql");
			JdbcClient database = JdbcClient.create(pool);
			database.sql(ENTRIES.formatted(WAITING)).update();
			database.sql(OLD).update();
			assertThat(database.sql(TASKS).update()).isEqualTo(WAITING);
			List.of("twilio_outbox", "twilio_outbox_tasks")
				.forEach((table) -> database.sql("vacuum analyze " + table).update());
			RecordingDataSource recording = new RecordingDataSource(pool);
			JdbcMessagingOutbox outbox = JdbcMessagingOutbox
				.builder(recording, new DataSourceTransactionManager(recording),
						TestOutbox.template(simulator.baseUrl().toString()).deadline(Duration.ofSeconds(20)).build())
				.clock(simulator.clock())
				.pollInterval(Duration.ofMillis(100))
				.heartbeat(Duration.ofMillis(250))
				.unresolvedAfter(Duration.ofSeconds(1))
				.pauses(Duration.ofMillis(100), Duration.ofMillis(200))
				.build();
			outbox.start();
			try {
				work(outbox, simulator);
			}
			finally {
				outbox.stop();
			}
			Map<String, String> plans = new TreeMap<>();
			recording.statements.forEach((sql, statement) -> plans.put(sql, plan(database, sql, statement)));
			plans.entrySet()
				.stream()
				.filter((plan) -> plan.getKey().startsWith("with due"))
				.limit(1)
				.forEach((plan) -> System.out.printf("PLAN of what is due, of %d entries that wait:%n%s%n", WAITING,
						plan.getValue()));
			assertThat(plans.keySet()).as("statements").hasSizeGreaterThan(15);
			assertThat(plans.entrySet()
				.stream()
				.filter((plan) -> plan.getValue().contains("Seq Scan on twilio_outbox"))
				.map((plan) -> plan.getKey() + "\n" + plan.getValue())
				.collect(Collectors.joining("\n\n"))).isEmpty();
		}
	}

	// Everything that an outbox ever does.
	private static void work(JdbcMessagingOutbox outbox, TwilioSimulator simulator) {
		outbox.send("sent", to(CUSTOMER).body("Sent"));
		awaitState(outbox, "sent", OutboxState.SENT);
		simulator.inject(Fault.status(429).times(1).on("POST"));
		outbox.send("again", to(CUSTOMER).body("Again"));
		awaitState(outbox, "again", OutboxState.SENT);
		simulator.inject(Fault.status(400).times(1).on("POST"));
		outbox.send("rejected", to(CUSTOMER).body("Rejected"));
		awaitState(outbox, "rejected", OutboxState.REJECTED);
		simulator.inject(Fault.resetAfter().times(1).on("POST"));
		outbox.send("found", to(CUSTOMER).body("Found"));
		awaitState(outbox, "found", OutboxState.SENT);
		simulator.inject(Fault.status(500).times(1).on("POST"));
		outbox.send("unresolved", to(CUSTOMER).body("Unresolved"));
		awaitState(outbox, "unresolved", OutboxState.UNRESOLVED);
		outbox.unresolved();
		outbox.resolve("unresolved", Resolution.SEND_AGAIN);
		awaitState(outbox, "unresolved", OutboxState.SENT);
		Instant tomorrow = simulator.clock().instant().plus(Duration.ofDays(1));
		outbox.sendAll(IntStream.range(0, 10)
			.mapToObj((number) -> OutboxRequest.of("many-" + number, to(CUSTOMER).body("Many")).at(tomorrow)));
		outbox.cancel("many-0");
		outbox.reschedule("many-1", tomorrow.plusSeconds(1));
		String sid = outbox.find("sent").orElseThrow().messageSid();
		outbox.settle(StatusUpdate.of(
				Map.of("MessageSid", List.of(sid), "AccountSid", List.of(simulator.accountSid()), "MessageStatus",
						List.of("delivered")),
				Map.of("message-send-id", List.of("5b3d9a5e-0000-4000-8000-000000000000"))));
		// For heartbeats, and the watch's next look, which deletes what ended a month
		// ago.
		simulator.inject(Fault.delay(Duration.ofSeconds(1)).times(1).on("POST"));
		simulator.clock().advance(Duration.ofHours(25));
		awaitState(outbox, "many-1", OutboxState.SENT);
	}

	private static void awaitState(MessagingOutbox outbox, String key, OutboxState state) {
		await().atMost(TestOutbox.TIMEOUT)
			.until(() -> outbox.find(key).map(OutboxEntry::state).orElse(null), (found) -> found == state);
	}

	private static String plan(JdbcClient database, String sql, String statement) {
		// What inserts one row has no plan, and a batch's text is that of its last one.
		if (sql.startsWith("insert")) {
			return "";
		}
		return String.join("\n", database.sql("explain " + statement).query(String.class).list());
	}

}

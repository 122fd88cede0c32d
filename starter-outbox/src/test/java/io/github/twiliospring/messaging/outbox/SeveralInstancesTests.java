package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several processes that share one PostgreSQL, and are killed or stopped while they send:
 * nothing is lost, and nothing is sent twice.
 */
class SeveralInstancesTests {

	private static EmbeddedPostgres postgres;

	@BeforeAll
	static void startPostgres() throws IOException {
		postgres = EmbeddedPostgres.start();
	}

	@AfterAll
	static void stopPostgres() throws IOException {
		postgres.close();
	}

	@Test
	void nothingIsLostOrSentTwiceWhereInstancesAreKilled() throws Exception {
		int entries = 300;
		long seed = System.nanoTime();
		System.out.println("Seed of the killed instances: " + seed);
		Random random = new Random(seed);
		String url = database("killed");
		try (TwilioSimulator simulator = TestOutbox.simulator(); TestOutbox writer = writer(url, simulator)) {
			simulator.inject(Fault.delay(Duration.ofMillis(50)));
			String api = simulator.baseUrl().toString();
			try (JavaProcess first = JavaProcess.start(SenderProcess.class, url, api);
					JavaProcess second = JavaProcess.start(SenderProcess.class, url, api)) {
				first.await("started");
				second.await("started");
				write(writer, entries);
				int killed = 20 + random.nextInt(50);
				await().atMost(TestOutbox.TIMEOUT).until(() -> simulator.messages().size() > killed);
				first.kill();
				await().atMost(TestOutbox.TIMEOUT).until(() -> simulator.messages().size() > killed + 50);
				second.kill();
			}
			// What may have been sent isn't before a person yet: each text is another.
			writer.start();
			await().atMost(TestOutbox.TIMEOUT.multipliedBy(2)).until(() -> open(writer) == 0);
			Map<String, Long> copies = simulator.messages()
				.stream()
				.collect(Collectors.groupingBy(SimulatedMessage::body, Collectors.counting()));
			assertThat(copies.values()).as("copies of each message").containsOnly(1L);
			Set<String> unresolved = writer.outbox.unresolved()
				.stream()
				.map(OutboxEntry::key)
				.collect(Collectors.toCollection(TreeSet::new));
			IntStream.range(0, entries)
				.mapToObj((number) -> "entry-" + number)
				.forEach((key) -> assertThat(copies.containsKey(key)).as(key + " " + writer.entry(key).state())
					.isEqualTo(!unresolved.contains(key)));
			// Four in flight in each of two processes.
			assertThat(unresolved).hasSizeLessThanOrEqualTo(8);
		}
	}

	@Test
	void stoppingAddsNothingThatIsUnknownAndHandsTheRestBack() throws Exception {
		int entries = 60;
		String url = database("stopped");
		try (TwilioSimulator simulator = TestOutbox.simulator(); TestOutbox writer = writer(url, simulator)) {
			simulator.inject(Fault.delay(Duration.ofMillis(500)));
			try (JavaProcess stopped = JavaProcess.start(SenderProcess.class, url, simulator.baseUrl().toString())) {
				stopped.await("started");
				write(writer, entries);
				await().atMost(TestOutbox.TIMEOUT).until(() -> simulator.messages().size() > 5);
				stopped.terminate();
			}
			Map<String, Integer> states = writer.database
				.sql("select state, count(*) as number from twilio_outbox group by state")
				.query((row, number) -> Map.entry(row.getString(1), row.getInt(2)))
				.list()
				.stream()
				.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
			assertThat(states).containsOnlyKeys("sent", "waiting");
			assertThat(states.get("sent")).isEqualTo(simulator.messages().size()).isLessThan(entries);
			assertThat(writer.database.sql("select count(*) from twilio_outbox_tasks where picked")
				.query(Integer.class)
				.single()).isZero();
			writer.start();
			await().atMost(TestOutbox.TIMEOUT).until(() -> open(writer) == 0);
			assertThat(simulator.messages()).hasSize(entries);
		}
	}

	@Test
	void aDatabaseThatIsAwayWhenTheAnswerComesLosesNothing() throws Exception {
		String url = database("away");
		JdbcClient server = JdbcClient.create(postgres.getPostgresDatabase());
		try (TwilioSimulator simulator = TestOutbox.simulator(); TestOutbox instance = writer(url, simulator).start()) {
			simulator.inject(Fault.delay(Duration.ofMillis(700)).on("POST"));
			write(instance, 1);
			simulator.awaitMessage(MessageMatcher.body("entry-0"), TestOutbox.TIMEOUT);
			server.sql("alter database away with allow_connections false").update();
			server.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'away'")
				.query(Boolean.class)
				.list();
			// The answer comes, and whoever wants to note it waits.
			await().atMost(TestOutbox.TIMEOUT)
				.until(() -> instance.dataSource.getHikariPoolMXBean().getThreadsAwaitingConnection() > 0);
			server.sql("alter database away with allow_connections true").update();
			OutboxEntry sent = instance.awaitState("entry-0", OutboxState.SENT);
			assertThat(sent.attempts()).isEqualTo(1);
			assertThat(simulator.messages()).singleElement()
				.satisfies((message) -> assertThat(message.sid()).isEqualTo(sent.messageSid()));
		}
	}

	private static TestOutbox writer(String url, TwilioSimulator simulator) {
		return TestOutbox
			.of(url, TestOutbox.template(simulator.baseUrl().toString()),
					(builder) -> builder.unresolvedAfter(Duration.ofSeconds(5)))
			.withSchema("postgresql");
	}

	private static void write(TestOutbox writer, int entries) {
		for (int number = 0; number < entries; number++) {
			String key = "entry-" + number;
			writer.outbox.send(key, to("+15558675310").body(key));
		}
	}

	private static int open(TestOutbox writer) {
		return writer.database
			.sql("select count(*) from twilio_outbox where state in ('waiting', 'sending', 'unknown')")
			.query(Integer.class)
			.single();
	}

	private static String database(String name) {
		JdbcClient.create(postgres.getPostgresDatabase()).sql("create database " + name).update();
		return postgres.getJdbcUrl("postgres", name);
	}

}

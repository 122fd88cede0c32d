package com.example.durable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.example.orders.FreePort;
import com.example.orders.JavaProcess;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The recipe of docs/operations.md on PostgreSQL, in processes that are killed: what was
 * committed is sent, and what may exist isn't sent again.
 */
class DurableSendingTests {

	private static final String TOKEN = "f00dfeedf00dfeedf00dfeedf00dfeed";

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static EmbeddedPostgres postgres;

	private String databaseName;

	private JdbcClient database;

	@BeforeAll
	static void startPostgres() throws IOException {
		postgres = EmbeddedPostgres.start();
	}

	@AfterAll
	static void stopPostgres() throws IOException {
		postgres.close();
	}

	@BeforeEach
	void createDatabase(TestInfo test) {
		this.databaseName = test.getTestMethod().orElseThrow().getName().substring(0, 12).toLowerCase(Locale.ROOT);
		JdbcClient.create(postgres.getPostgresDatabase()).sql("create database " + this.databaseName).update();
		DataSource source = postgres.getDatabase("postgres", this.databaseName);
		this.database = JdbcClient.create(source);
		new ResourceDatabasePopulator(new ClassPathResource("schema.sql", getClass()),
				new ClassPathResource("org/springframework/modulith/events/jdbc/schemas/v2/schema-postgresql.sql"))
			.execute(source);
	}

	@Test
	void sendsOnceWhatWasCommittedAndNeverAgainWhatMayHaveBeenSentBeforeTheProcessWasKilled() throws Exception {
		int apiPort = FreePort.find();
		int port = FreePort.find();
		try (JavaProcess killed = start(apiPort, port, "spring.task.execution.pool.core-size=1")) {
			killed.await("Started ");
			ship(port, 0);
			awaitState(0, "due");
			try (TwilioSimulator simulator = TwilioSimulator.builder()
				.authToken(TOKEN)
				.manualClock()
				.port(apiPort)
				.start()) {
				awaitState(0, "sent");
				simulator.inject(Fault.hang().times(1));
				ship(port, 1);
				simulator.awaitMessage(MessageMatcher.sentTo(customer(1)), TIMEOUT);
				// The only thread waits for the answer to the first one.
				ship(port, 2);
				killed.kill();
				assertThat(state(1)).isEqualTo("begun");
				assertThat(state(2)).isNull();
				assertThat(outstanding()).isEqualTo(2);
				try (JavaProcess restarted = start(apiPort, port)) {
					restarted.await("Started ");
					awaitState(2, "sent");
					awaitState(1, "unknown");
					await().atMost(TIMEOUT).until(() -> outstanding() == 0);
					assertThat(IntStream.range(0, 3).map((order) -> messages(simulator, order))).containsOnly(1);
					simulator.clock().advance(Duration.ofMinutes(1));
					simulator.awaitCallback(MessageMatcher.sentTo(customer(1)), MessageStatus.DELIVERED, TIMEOUT);
					awaitState(1, "sent");
				}
			}
		}
	}

	@Test
	void twoInstancesSendNothingTwiceThoughEachPublishesTheOthersEventsAgainAndOneIsKilled() throws Exception {
		int orders = 12;
		int first = FreePort.find();
		int second = FreePort.find();
		try (TwilioSimulator simulator = TwilioSimulator.builder().authToken(TOKEN).manualClock().start();
				JavaProcess killed = start(simulator.port(), first, "spring.task.execution.pool.core-size=2")) {
			try (JavaProcess remaining = start(simulator.port(), second, "spring.task.execution.pool.core-size=2")) {
				killed.await("Started ");
				remaining.await("Started ");
				// Longer than it takes until the other instance takes the event over.
				simulator.inject(Fault.delay(Duration.ofSeconds(2)));
				for (int order = 0; order < orders; order++) {
					ship((order % 2 == 0) ? first : second, order);
				}
				await().atMost(TIMEOUT).until(() -> simulator.messages().size() > 4);
				killed.kill();
				await().atMost(TIMEOUT).until(() -> outstanding() == 0);
			}
			List<String> states = new ArrayList<>();
			for (int order = 0; order < orders; order++) {
				String state = state(order);
				states.add(state);
				// Killed between the row and the request, it's unknown and never went
				// out.
				assertThat(messages(simulator, order)).as("messages of order %d, %s", order, state)
					.isBetween("sent".equals(state) ? 1 : 0, 1);
			}
			assertThat(states).containsOnly("sent", "unknown").contains("sent");
			assertThat(this.database.sql("select max(completion_attempts) from event_publication")
				.query(Integer.class)
				.single()).as("attempts, each by one of the two").isGreaterThan(1);
		}
	}

	private JavaProcess start(int apiPort, int port, String... properties) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), DurableApplication.class.getName()));
		Stream
			.of("server.port=" + port, "twilio.simulator.enabled=false", "twilio.base-url=http://localhost:" + apiPort,
					"twilio.account-sid=" + TwilioSimulator.DEFAULT_ACCOUNT_SID, "twilio.auth-token=" + TOKEN,
					"twilio.messaging.webhook.public-url=http://localhost:" + port,
					"twilio.messaging.client.deadline=9s",
					"spring.datasource.url=" + postgres.getJdbcUrl("postgres", this.databaseName),
					"spring.modulith.events.staleness.published=1s", "spring.modulith.events.staleness.processing=1s",
					"spring.modulith.events.staleness.resubmitted=1s",
					"spring.modulith.events.staleness.check-interval=500ms", "outgoing.pause=500ms",
					"outgoing.longest-send=10s")
			.forEach((property) -> arguments.add("--" + property));
		Stream.of(properties).forEach((property) -> arguments.add("--" + property));
		return JavaProcess.start(arguments);
	}

	private static void ship(int port, int order) {
		RestClient.create("http://localhost:" + port)
			.put()
			.uri("/orders/order-{order}?customer={customer}", order, customer(order))
			.retrieve()
			.toBodilessEntity();
	}

	private static String customer(int order) {
		return "+15558675%03d".formatted(360 + order);
	}

	private static int messages(TwilioSimulator simulator, int order) {
		return (int) simulator.messages().stream().filter(MessageMatcher.sentTo(customer(order))::matches).count();
	}

	private void awaitState(int order, String state) {
		await().atMost(TIMEOUT).until(() -> state.equals(state(order)));
	}

	private String state(int order) {
		return this.database.sql("select state from outgoing where id = ?")
			.param("order-" + order)
			.query(String.class)
			.optional()
			.orElse(null);
	}

	private long outstanding() {
		return this.database.sql("select count(*) from event_publication where status <> 'COMPLETED'")
			.query(Long.class)
			.single();
	}

}

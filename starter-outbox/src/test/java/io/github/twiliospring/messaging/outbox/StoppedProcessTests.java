package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.testsupport.JavaProcess;
import org.junit.jupiter.api.Test;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A process that is stopped while it sends, and another that goes on.
 */
class StoppedProcessTests {

	@Test
	void stoppingAddsNothingThatIsUnknownAndHandsTheRestBack() throws Exception {
		int entries = 60;
		String url = TestPostgres.database();
		try (TwilioSimulator simulator = TestOutbox.simulator(); TestOutbox writer = writer(url, simulator)) {
			simulator.inject(Fault.delay(Duration.ofMillis(500)));
			try (JavaProcess stopped = JavaProcess.start(SenderProcess.class, url, simulator.baseUrl().toString(),
					"2000")) {
				stopped.await("^started");
				write(writer, entries);
				await().atMost(TestOutbox.TIMEOUT).until(() -> simulator.messages().size() > 5);
				stopped.stop();
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

}

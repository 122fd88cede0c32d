package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.Test;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Three processes under load, each of which is stopped (SIGTERM) and started in its turn.
 */
class RollingRestartTests {

	private static final Duration SEND = Duration.ofMillis(100);

	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	// For a busy machine on which processes start. What wasn't handed back would be late
	// by four heartbeats.
	private static final Duration SLACK = HEARTBEAT.multipliedBy(3);

	@Test
	void addNothingThatIsUnknownAndMakeNoEntryLate() throws Exception {
		String url = TestPostgres.database();
		ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
		List<JavaProcess> processes = new ArrayList<>();
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox writer = TestOutbox
					.of(url, TestOutbox.template(simulator.baseUrl().toString()), (builder) -> builder)
					.withSchema("postgresql")) {
			Journal journal = new Journal(writer);
			simulator.inject(Fault.delay(SEND));
			String[] arguments = { url, simulator.baseUrl().toString(), Long.toString(HEARTBEAT.toMillis()) };
			for (int i = 0; i < 3; i++) {
				processes.add(JavaProcess.start(SenderProcess.class, arguments));
			}
			for (JavaProcess process : processes) {
				process.await("started");
			}
			AtomicInteger written = new AtomicInteger();
			load.scheduleAtFixedRate(() -> {
				int number = written.getAndIncrement();
				writer.outbox.send("entry-" + number, to("+1555" + (1_000_000 + number)).body("Number " + number));
			}, 0, 50, TimeUnit.MILLISECONDS);
			for (int i = 0; i < 3; i++) {
				int before = simulator.messages().size();
				await().atMost(TestOutbox.TIMEOUT).until(() -> simulator.messages().size() > before + 10);
				processes.get(i).terminate();
				processes.set(i, JavaProcess.start(SenderProcess.class, arguments));
				processes.get(i).await("started");
			}
			load.shutdown();
			assertThat(load.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
			await().atMost(HEARTBEAT.multipliedBy(8)).until(() -> journal.count("sent") == written.get());
			long latest = journal.latest();
			System.out.printf("ROLLING RESTARTS entries: %d, unknown: %d, latest: %d ms after its time%n",
					written.get(), journal.count("unknown"), latest);
			assertThat(journal.count("unknown")).isZero();
			assertThat(latest).isLessThan(SEND.plus(TestOutbox.POLL_INTERVAL).plus(SLACK).toMillis());
			Map<String, Long> copies = simulator.messages()
				.stream()
				.collect(Collectors.groupingBy(SimulatedMessage::body, Collectors.counting()));
			assertThat(copies).hasSize(written.get());
			assertThat(copies.values()).containsOnly(1L);
		}
		finally {
			load.shutdownNow();
			processes.forEach(JavaProcess::close);
		}
	}

}

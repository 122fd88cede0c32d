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
import io.github.twiliospring.messaging.testsupport.JavaProcess;
import org.junit.jupiter.api.Test;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Three instances under load, each of which is stopped and started in its turn: as
 * processes (SIGTERM), and in this one, where no start of a JVM takes time from the
 * others.
 */
class RollingRestartTests {

	private static final Duration SEND = Duration.ofMillis(100);

	private static final int BACKLOG = 30;

	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	@Test
	void addNothingThatIsUnknownAndLeaveNothingToTheHeartbeats() throws Exception {
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
				process.await("^started");
			}
			AtomicInteger written = new AtomicInteger();
			load.scheduleAtFixedRate(() -> send(writer, written, simulator), 0, 50, TimeUnit.MILLISECONDS);
			for (int i = 0; i < 3; i++) {
				int before = simulator.messages().size();
				await().atMost(TestOutbox.TIMEOUT).until(() -> simulator.messages().size() > before + 10);
				processes.get(i).stop();
				processes.set(i, JavaProcess.start(SenderProcess.class, arguments));
				processes.get(i).await("^started");
			}
			load.shutdown();
			assertThat(load.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
			await().atMost(HEARTBEAT.multipliedBy(8)).until(() -> journal.count("sent") == written.get());
			long latest = journal.latest(0);
			System.out.printf("ROLLING RESTARTS entries: %d, unknown: %d, latest: %d ms after its time%n",
					written.get(), journal.count("unknown"), latest);
			assertThat(journal.count("unknown")).isZero();
			assertThat(latest).as("what nobody handed back is later than that")
				.isLessThan(HEARTBEAT.multipliedBy(Relay.Pace.MISSED_HEARTBEATS).toMillis());
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

	@Test
	void makeNoEntryLateByMoreThanThePollAndItsSend() throws Exception {
		String url = TestPostgres.database();
		ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox writer = instance(url, simulator).withSchema("postgresql");
				TestOutbox first = instance(url, simulator).start();
				TestOutbox second = instance(url, simulator).start();
				TestOutbox third = instance(url, simulator).start()) {
			Journal journal = new Journal(writer);
			simulator.inject(Fault.delay(SEND));
			AtomicInteger written = new AtomicInteger();
			load.scheduleAtFixedRate(() -> send(writer, written, simulator), 0, 20, TimeUnit.MILLISECONDS);
			await().atMost(TestOutbox.TIMEOUT).until(() -> journal.count("sent") > 100);
			// What is slow because it's the first time is over.
			long warm = journal.states();
			await().atMost(TestOutbox.TIMEOUT).until(() -> journal.count("sent") > 200);
			long undisturbed = journal.latest(warm);
			long calm = journal.states();
			for (int round = 0; round < 3; round++) {
				for (TestOutbox instance : List.of(first, second, third)) {
					int before = simulator.messages().size();
					instance.outbox.stop();
					await().atMost(TestOutbox.TIMEOUT).until(() -> simulator.messages().size() > before + 10);
					instance.outbox.start();
				}
			}
			load.shutdown();
			assertThat(load.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
			await().atMost(TestOutbox.TIMEOUT).until(() -> journal.count("sent") == written.get());
			long latest = journal.latest(calm);
			System.out.printf("RESTARTS IN ONE PROCESS entries: %d, latest: %d ms after its time, before them: %d ms%n",
					written.get(), latest, undisturbed);
			assertThat(journal.count("unknown")).isZero();
			assertThat(simulator.messages()).hasSize(written.get());
			assertThat(latest)
				.isLessThan(SEND.plus(TestOutbox.POLL_INTERVAL).toMillis() + Math.max(10_000, 3 * undisturbed));
		}
		finally {
			load.shutdownNow();
		}
	}

	private static TestOutbox instance(String url, TwilioSimulator simulator) {
		return TestOutbox.of(url, TestOutbox.template(simulator.baseUrl().toString()).deadline(Duration.ofSeconds(20)),
				(builder) -> builder.inFlight(8).heartbeat(HEARTBEAT));
	}

	// Unless more waits than is sent in a moment: a machine that can't keep up makes
	// late,
	// too.
	private static void send(TestOutbox writer, AtomicInteger written, TwilioSimulator simulator) {
		if (written.get() - simulator.messages().size() > BACKLOG) {
			return;
		}
		int number = written.getAndIncrement();
		writer.outbox.send("entry-" + number, to("+1555" + (1_000_000 + number)).body("Number " + number));
	}

}

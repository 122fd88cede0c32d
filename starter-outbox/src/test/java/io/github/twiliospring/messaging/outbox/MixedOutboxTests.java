package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.JavaProcess;
import io.github.twiliospring.messaging.testsupport.TcpProxy;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Entries of every kind on three instances, one of them a process that is killed or
 * stopped again and again, while connections are cut and the API fails in all ways that
 * it can. The seed and the number of entries are system properties.
 */
class MixedOutboxTests {

	private static final int WRITERS = 4;

	private static final Duration DEADLINE = Duration.ofSeconds(4);

	// So long that whoever is killed has something in flight.
	private static final int SLOWEST_ANSWER = 300;

	private static final double FAULTY = 0.12;

	// As many as a child has in flight.
	private static final int IN_FLIGHT = 4;

	private final long seed = Long.getLong("seed", System.nanoTime());

	private final int entries = Integer.getInteger("outbox.mixed.entries", 1000);

	private final Duration patience = Duration.ofSeconds(60 + this.entries / 10);

	private final Random faults = new Random(this.seed);

	private final Set<String> rolledBack = ConcurrentHashMap.newKeySet();

	// And whether that's certain.
	private final Map<String, Boolean> canceled = new ConcurrentHashMap<>();

	private final AtomicInteger again = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final AtomicInteger refusals = new AtomicInteger();

	private final Queue<String> lostAnswers = new ConcurrentLinkedQueue<>();

	private final AtomicInteger disturbances = new AtomicInteger();

	private final AtomicInteger kills = new AtomicInteger();

	private final AtomicInteger stops = new AtomicInteger();

	private final AtomicInteger urgent = new AtomicInteger();

	private final CountDownLatch started = new CountDownLatch(1);

	private final CountDownLatch calm = new CountDownLatch(1);

	private List<TestOutbox> instances = List.of();

	@Test
	void nothingIsLostOrSentTwiceWhateverFails() throws Exception {
		System.out.println("Seed of the mixed outbox: " + this.seed);
		long begin = System.nanoTime();
		String url = TestPostgres.database();
		ExecutorService threads = Executors.newCachedThreadPool();
		try (TwilioSimulator simulator = TestOutbox.simulator();
				ScriptedApi api = new ScriptedApi(simulator);
				TcpProxy proxy = new TcpProxy(TestPostgres.port());
				TestOutbox direct = instance(url, api).withSchema("postgresql");
				TestOutbox cut = instance(proxy.through(url), api)) {
			Journal journal = new Journal(direct);
			api.scriptOthers(this::answer);
			this.instances = List.of(direct.start(), cut.start());
			Future<Void> killer = threads.submit(() -> kill(url, api));
			Future<Void> disturber = threads.submit(() -> disturb(proxy));
			assertThat(this.started.await(2, TimeUnit.MINUTES)).as("a process has started").isTrue();
			List<Callable<Void>> writers = new ArrayList<>();
			for (int writer = 0; writer < WRITERS; writer++) {
				int number = writer;
				writers.add(() -> write(number));
			}
			for (Future<Void> writer : threads.invokeAll(writers)) {
				writer.get();
			}
			await().atMost(this.patience).until(() -> open(direct) < 50);
			this.calm.countDown();
			killer.get(2, TimeUnit.MINUTES);
			disturber.get(2, TimeUnit.MINUTES);
			int[] resolved = resolve(simulator, direct, cut);
			report(simulator, direct, journal, resolved, Duration.ofNanos(System.nanoTime() - begin));
		}
		finally {
			this.calm.countDown();
			threads.shutdownNow();
		}
	}

	private void report(TwilioSimulator simulator, TestOutbox test, Journal journal, int[] resolved, Duration time) {
		Map<String, Long> copies = copies(simulator);
		Map<String, String> states = test.database.sql("select message_key, state from twilio_outbox")
			.query((row, number) -> Map.entry(row.getString(1), row.getString(2)))
			.list()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
		List<String> promised = IntStream.range(0, this.entries)
			.mapToObj((number) -> "entry-" + number)
			.filter((key) -> !this.rolledBack.contains(key))
			.toList();
		List<String> lost = promised.stream()
			.filter((key) -> !states.containsKey(key) || states.get(key).equals("sent") && !copies.containsKey(key))
			.toList();
		List<String> twice = copies.entrySet()
			.stream()
			.filter((each) -> each.getValue() > 1)
			.map(Map.Entry::getKey)
			.toList();
		List<String> unasked = copies.keySet().stream().filter((key) -> !"sent".equals(states.get(key))).toList();
		int died = journal.unknown("the process died while it was sending", Duration.ofDays(1)).size();
		int unanswered = journal.unknown("no usable answer", Duration.ofDays(1)).size();
		List<String> early = journal.unknown("no usable answer", DEADLINE.minusMillis(200));
		this.lostAnswers.forEach(early::remove);
		Map<String, Long> ended = states.values()
			.stream()
			.collect(Collectors.groupingBy((state) -> state, TreeMap::new, Collectors.counting()));
		System.out.printf(
				"MIXED seed: %d, entries: %d, ended: %s, rolled back: %d, urgent: %d, written again: %d, refused: %d, kills: %d, stops: %d,"
						+ " database disturbed: %d, answers lost: %d, unknown: %d unanswered + %d died, resolved: %d as"
						+ " sent + %d sent again, lost: %d, processed twice: %d, seconds: %d%n",
				this.seed, this.entries, ended, this.rolledBack.size(), this.urgent.get(), this.again.get(),
				this.refused.get(), this.kills.get(), this.stops.get(), this.disturbances.get(),
				this.lostAnswers.size(), unanswered, died, resolved[0], resolved[1], lost.size(), twice.size(),
				time.toSeconds());
		assertThat(lost).as("lost").isEmpty();
		assertThat(twice).as("processed twice").isEmpty();
		assertThat(unasked).as("sent though canceled, rejected or rolled back").isEmpty();
		assertThat(ended.keySet()).isSubsetOf("sent", "rejected", "canceled");
		assertThat(states.keySet()).doesNotContainAnyElementsOf(this.rolledBack);
		assertThat(ended.getOrDefault("rejected", 0L)).isLessThanOrEqualTo(this.refusals.get());
		this.canceled
			.forEach((key, certain) -> assertThat(certain && !"canceled".equals(states.get(key))).as(key).isFalse());
		assertThat(states.entrySet()).as("canceled unasked")
			.noneMatch((entry) -> entry.getValue().equals("canceled") && !this.canceled.containsKey(entry.getKey()));
		assertThat(early).as("unknown though an answer came in time").isEmpty();
		assertThat(died).as("unknown by a death").isLessThanOrEqualTo(this.kills.get() * IN_FLIGHT);
		assertThat(wrongMessages(simulator, test)).as("entries with another's message").isEmpty();
	}

	private static List<String> wrongMessages(TwilioSimulator simulator, TestOutbox test) {
		Map<String, String> bodies = simulator.messages()
			.stream()
			.collect(Collectors.toMap(SimulatedMessage::sid, SimulatedMessage::body));
		return test.database
			.sql("select message_key, message_sid from twilio_outbox where state = 'sent' and message_sid is not null")
			.query((row, number) -> Map.entry(row.getString(1), row.getString(2)))
			.list()
			.stream()
			.filter((each) -> !each.getKey().equals(bodies.get(each.getValue())))
			.map(Map.Entry::getKey)
			.toList();
	}

	private Void write(int writer) {
		Random random = new Random(this.seed + writer);
		List<OutboxRequest> urgent = new ArrayList<>();
		for (int number = writer; number < this.entries; number += WRITERS) {
			String key = "entry-" + number;
			String recipient = "+1555" + (1_000_000 + number);
			OutboundMessageBuilder message = to(recipient).body(key);
			int kind = random.nextInt(100);
			if (kind < 5) {
				this.rolledBack.add(key);
				// Whatever a cut makes of it.
				tried(random, (outbox) -> outbox.transaction.executeWithoutResult((status) -> {
					outbox.outbox.send(key, message);
					status.setRollbackOnly();
				}));
			}
			else if (kind < 15) {
				certainly(random, (outbox) -> outbox.outbox.send(key, message));
				certainly(random, (outbox) -> outbox.outbox.send(key, message));
				this.again.incrementAndGet();
			}
			else if (kind < 20) {
				certainly(random, (outbox) -> outbox.outbox.send(key, message));
				try {
					certainly(random, (outbox) -> outbox.outbox.send(key, to(recipient).body("Another of " + key)));
				}
				catch (OutboxKeyConflictException ex) {
					this.refused.incrementAndGet();
				}
			}
			else if (kind < 30) {
				Instant when = Instant.now().plusMillis(random.nextInt(3000));
				certainly(random, (outbox) -> outbox.outbox.sendAt(key, message, when));
				certainly(random,
						(outbox) -> outbox.outbox.reschedule(key, Instant.now().plusMillis(random.nextInt(2000))));
			}
			else if (kind < 40) {
				// Half of them race with the claim.
				boolean far = random.nextBoolean();
				this.canceled.put(key, far);
				Instant when = Instant.now().plusMillis(far ? 3_600_000 : random.nextInt(300));
				certainly(random, (outbox) -> outbox.outbox.sendAt(key, message, when));
				certainly(random, (outbox) -> outbox.outbox.cancel(key));
			}
			else if (kind < 55) {
				urgent.add(OutboxRequest.of(key, message).priority(OutboxPriority.HIGH));
				if (random.nextInt(5) == 0) {
					sendAll(random, urgent);
				}
			}
			else {
				certainly(random, (outbox) -> outbox.transaction.execute((status) -> outbox.outbox.send(key, message)));
			}
		}
		sendAll(random, urgent);
		return null;
	}

	private void sendAll(Random random, List<OutboxRequest> requests) {
		certainly(random, (outbox) -> outbox.outbox.sendAll(requests.stream()));
		this.urgent.addAndGet(requests.size());
		requests.clear();
	}

	// As a caller does who isn't sure of it: with the same key.
	private void certainly(Random random, Consumer<TestOutbox> work) {
		long end = System.nanoTime() + this.patience.toNanos();
		while (!tried(random, work)) {
			assertThat(System.nanoTime()).as("time to get something into the database").isLessThan(end);
		}
	}

	private boolean tried(Random random, Consumer<TestOutbox> work) {
		try {
			work.accept(this.instances.get(random.nextInt(this.instances.size())));
			return true;
		}
		catch (DataAccessException | TransactionException ex) {
			return false;
		}
	}

	// Each row of the fault matrix, before and after processing.
	private boolean answer(ScriptedApi.Call call) throws IOException, InterruptedException {
		ApiFault fault;
		boolean processed;
		int delay;
		synchronized (this.faults) {
			delay = this.faults.nextInt(SLOWEST_ANSWER);
			fault = (!isCalm() && this.faults.nextDouble() < FAULTY)
					? ApiFault.values()[this.faults.nextInt(ApiFault.values().length)] : ApiFault.NONE;
			processed = this.faults.nextBoolean();
		}
		if (fault == ApiFault.TOO_MANY_REQUESTS_TOO_LONG) {
			fault = ApiFault.TOO_MANY_REQUESTS;
		}
		if (fault == ApiFault.NONE) {
			String answer = call.answerOf(call.process());
			pause(delay);
			call.write(answer);
			return true;
		}
		boolean unknown = fault.meaning() == ApiFault.Meaning.UNKNOWN;
		if (unknown) {
			this.lostAnswers.add(call.text());
		}
		else if (fault.meaning() == ApiFault.Meaning.REJECTED) {
			this.refusals.incrementAndGet();
		}
		return fault.script(unknown && processed).serve(call);
	}

	private Void disturb(TcpProxy proxy) throws InterruptedException {
		Random random = new Random(this.seed ^ 1);
		while (!pause(300 + random.nextInt(1200))) {
			this.disturbances.incrementAndGet();
			switch (random.nextInt(3)) {
				case 0 -> proxy.cut();
				case 1 -> proxy.refuse();
				default -> proxy.freeze();
			}
			pause(random.nextInt(600));
			proxy.restore();
		}
		return null;
	}

	private Void kill(String url, ScriptedApi api) throws Exception {
		Random random = new Random(this.seed ^ 2);
		while (!isCalm()) {
			try (JavaProcess child = JavaProcess.start(SenderProcess.class, url, api.url(), "2000")) {
				child.await("^started");
				this.started.countDown();
				pause(500 + random.nextInt(2500));
				if (random.nextInt(3) == 0) {
					this.stops.incrementAndGet();
					child.stop();
				}
				else {
					this.kills.incrementAndGet();
					child.kill();
				}
			}
		}
		return null;
	}

	// Whether all is over.
	private boolean pause(int millis) throws InterruptedException {
		return this.calm.await(millis, TimeUnit.MILLISECONDS);
	}

	private boolean isCalm() {
		return this.calm.getCount() == 0;
	}

	// A person who knows what the simulator knows, once nobody sends any more.
	private int[] resolve(TwilioSimulator simulator, TestOutbox... all) {
		int[] resolved = new int[2];
		TestOutbox one = all[0];
		for (boolean more = true; more;) {
			await().atMost(this.patience).until(() -> open(one) == 0);
			for (TestOutbox each : all) {
				each.outbox.stop();
			}
			Map<String, Long> copies = copies(simulator);
			List<OutboxEntry> unresolved = one.outbox.unresolved();
			for (OutboxEntry entry : unresolved) {
				boolean sent = copies.containsKey(entry.key());
				assertThat(one.outbox.resolve(entry.key(), sent ? Resolution.SENT : Resolution.SEND_AGAIN)).isTrue();
				resolved[sent ? 0 : 1]++;
			}
			more = !unresolved.isEmpty();
			if (more) {
				one.outbox.start();
			}
		}
		return resolved;
	}

	private static Map<String, Long> copies(TwilioSimulator simulator) {
		return simulator.messages()
			.stream()
			.collect(Collectors.groupingBy(SimulatedMessage::body, Collectors.counting()));
	}

	private static int open(TestOutbox test) {
		return test.rows("twilio_outbox where state in ('waiting', 'sending', 'unknown')");
	}

	private static TestOutbox instance(String url, ScriptedApi api) {
		return TestOutbox.of(url, TestOutbox.template(api.url()).deadline(DEADLINE),
				(builder) -> builder.inFlight(8)
					.heartbeat(Duration.ofSeconds(2))
					.unresolvedAfter(Duration.ofSeconds(5)));
	}

}

package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances over HTTP, one on Netty and one on Tomcat, a provider that repeats,
 * methods that fail, hang and never end, and a Redis server that is frozen, paused,
 * disconnected, killed and started again all the while.
 * {@code -Dledger.chaos.seconds=600} makes it longer, {@code -Dseed=…} another one.
 */
class LedgerChaosTests {

	private static final List<String> STATUSES = List.of("queued", "sent", "delivered", "read");

	private static final int SENDERS = 48;

	// Where Redis resets its connections, an instance answers at once, and what a sender
	// had open then would take minutes to work off.
	private static final int MOST_OPEN = 12;

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	// Longer than what hangs and ends.
	private static final Duration HANDLER_LIMIT = Duration.ofSeconds(4);

	private static Journal journal = new Journal(0);

	private final AtomicInteger count = new AtomicInteger();

	private final AtomicInteger unanswered = new AtomicInteger();

	// By instance: one of them may be in trouble alone.
	private final Map<String, Integer> answers = new ConcurrentHashMap<>();

	@Test
	void losesNoStatusUpdateAndHandsNoneOnTwiceOrBackwards() throws Exception {
		long seconds = Long.getLong("ledger.chaos.seconds", 6);
		try (RedisServer server = RedisServer.startDurable()) {
			int lost = chaos(server, seconds, LedgerChaosTests::disturb);
			assertThat(lost).as("lost").isZero();
			assertThat(journal.twice).as("twice").hasValue(0);
			assertThat(journal.backwards).as("backwards").hasValue(0);
			assertThat(this.count).hasPositiveValue();
		}
	}

	// What it hands on twice or backwards is what operations.md warns of.
	@Test
	void aRedisThatIsEmptiedLosesNoStatusUpdate() throws Exception {
		try (RedisServer server = RedisServer.start()) {
			int lost = chaos(server, 2, LedgerChaosTests::empty);
			assertThat(lost).as("lost").isZero();
			assertThat(this.count).hasPositiveValue();
		}
	}

	private int chaos(RedisServer server, long seconds, Faults disturbance) throws Exception {
		long seed = Long.getLong("seed", System.nanoTime());
		System.out.println("chaos of " + seconds + " seconds, seed " + seed);
		journal = new Journal(seed);
		ExecutorService threads = Executors.newCachedThreadPool();
		try (WebhookApplication one = application(Server.NETTY, server);
				WebhookApplication other = application(Server.TOMCAT, server)) {
			List<String> urls = List.of(url(one), url(other));
			WebhookClient client = new WebhookClient();
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
			List<Future<?>> senders = new ArrayList<>();
			for (int i = 0; i < SENDERS; i++) {
				Random random = new Random(seed + i);
				senders.add(threads.submit(() -> send(client, urls, random, end)));
			}
			Map<String, Integer> faults = disturbance.until(server, new Random(seed), end);
			server.awaitAnswer("+PONG");
			for (Future<?> sender : senders) {
				sender.get(PATIENCE.toSeconds() * 3, TimeUnit.SECONDS);
			}
			System.out
				.println("faults " + faults + ", runs that failed " + journal.failed + ", that hung " + journal.hung
						+ ", that were ended by their limit " + journal.limited + ", answers that asked to repeat "
						+ this.unanswered + ", never acknowledged " + journal.unacknowledged + ", " + this.answers);
		}
		finally {
			threads.shutdownNow();
		}
		int lost = journal.lost();
		System.out.println("status updates " + this.count + ", lost " + lost + ", twice " + journal.twice
				+ ", backwards " + journal.backwards);
		return lost;
	}

	// As the provider does: what isn't acknowledged is repeated, and a later status may
	// overtake.
	private void send(WebhookClient client, List<String> urls, Random random, long end) {
		List<String[]> open = new ArrayList<>();
		while (System.nanoTime() < end) {
			if (open.size() > MOST_OPEN) {
				repeat(client, urls, random, open, 0);
				continue;
			}
			String sid = WebhookClient.newSid();
			List<String> statuses = new ArrayList<>(STATUSES);
			if (random.nextInt(4) == 0) {
				statuses.add(1 + random.nextInt(2), statuses.remove(3));
			}
			for (String status : statuses) {
				this.count.incrementAndGet();
				open.add(new String[] { sid, status });
				if (random.nextInt(10) < 3) {
					post(client, urls.get(random.nextInt(2)), sid, status);
				}
				// The newest, and one that wasn't acknowledged before.
				repeat(client, urls, random, open, open.size() - 1);
				repeat(client, urls, random, open, 0);
			}
		}
		long patience = System.nanoTime() + PATIENCE.toNanos();
		while (!open.isEmpty() && System.nanoTime() < patience) {
			if (!repeat(client, urls, random, open, random.nextInt(open.size()))) {
				Mono.delay(Duration.ofMillis(50)).block();
			}
		}
		journal.unacknowledged.addAndGet(open.size());
	}

	private boolean repeat(WebhookClient client, List<String> urls, Random random, List<String[]> open, int index) {
		if (index >= open.size()) {
			return false;
		}
		String[] callback = open.get(index);
		boolean acknowledged = post(client, urls.get(random.nextInt(2)), callback[0], callback[1]);
		if (acknowledged) {
			open.remove(index);
		}
		return acknowledged;
	}

	private boolean post(WebhookClient client, String url, String sid, String status) {
		int answer = client.postSigned(url, WebhookClient.form(sid, status));
		this.answers.merge(answer + " from " + url, 1, Integer::sum);
		if (answer == 204) {
			journal.acknowledged(sid, status);
			return true;
		}
		assertThat(answer).isIn(500, 503);
		this.unanswered.incrementAndGet();
		return false;
	}

	private static Map<String, Integer> disturb(RedisServer server, Random random, long end) {
		Map<String, Integer> faults = new ConcurrentHashMap<>();
		while (System.nanoTime() < end) {
			Mono.delay(Duration.ofMillis(300 + random.nextInt(600))).block();
			int fault = random.nextInt(6);
			String name = switch (fault) {
				case 0, 1 -> {
					server.freeze();
					Mono.delay(Duration.ofMillis(500 + random.nextInt(3000))).block();
					server.thaw();
					yield "frozen";
				}
				case 2, 3 -> {
					server.kill();
					Mono.delay(Duration.ofMillis(random.nextInt(2000))).block();
					server.restart();
					yield "killed";
				}
				case 4 -> {
					server.pause(Duration.ofMillis(500 + random.nextInt(3000)));
					yield "paused";
				}
				default -> {
					server.command("CLIENT", "KILL", "TYPE", "normal");
					server.command("SCRIPT", "FLUSH");
					yield "disconnected";
				}
			};
			faults.merge(name, 1, Integer::sum);
		}
		return faults;
	}

	private static Map<String, Integer> empty(RedisServer server, Random random, long end) {
		Map<String, Integer> faults = new ConcurrentHashMap<>();
		while (System.nanoTime() < end) {
			Mono.delay(Duration.ofMillis(300 + random.nextInt(600))).block();
			if (random.nextBoolean()) {
				server.command("FLUSHALL");
				faults.merge("emptied", 1, Integer::sum);
			}
			else {
				server.kill();
				server.restart();
				faults.merge("started again empty", 1, Integer::sum);
			}
		}
		return faults;
	}

	private static String url(WebhookApplication application) {
		return "http://localhost:" + application.port() + WebhookApplication.PATH;
	}

	private static WebhookApplication application(Server stack, RedisServer server) {
		return WebhookApplication.start(stack, false, Methods.class, "spring.data.redis.port=" + server.port(),
				"spring.data.redis.timeout=500ms", "twilio.messaging.webhook.ledger.store=redis",
				"twilio.messaging.webhook.ledger.lease=3s",
				"twilio.messaging.webhook.handler-limit=" + HANDLER_LIMIT.toSeconds() + "s",
				"twilio.messaging.webhook.request.answer-timeout=700ms",
				"twilio.messaging.webhook.request.inbound-answer-timeout=1s", "logging.level.root=OFF");
	}

	/**
	 * Faults until an instant of {@link System#nanoTime()}.
	 */
	private interface Faults {

		Map<String, Integer> until(RedisServer server, Random random, long end);

	}

	/**
	 * Two methods in each instance.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Methods {

		@Bean
		Blocking blocking() {
			return new Blocking();
		}

		@Bean
		Reactive reactive() {
			return new Reactive();
		}

	}

	static class Blocking {

		@StatusCallback
		void track(StatusUpdate update) {
			Journal current = journal;
			current.run("blocking", update).block();
		}

	}

	static class Reactive {

		@StatusCallback
		Mono<Void> track(StatusUpdate update) {
			Journal current = journal;
			return current.run("reactive", update);
		}

	}

	/**
	 * What the methods of both instances had, and what was acknowledged.
	 */
	private static final class Journal {

		private final long seed;

		private final Map<String, History> histories = new ConcurrentHashMap<>();

		private final Map<String, List<String>> acknowledged = new ConcurrentHashMap<>();

		private final AtomicInteger twice = new AtomicInteger();

		private final AtomicInteger backwards = new AtomicInteger();

		private final AtomicInteger failed = new AtomicInteger();

		private final AtomicInteger hung = new AtomicInteger();

		private final AtomicInteger limited = new AtomicInteger();

		private final AtomicInteger unacknowledged = new AtomicInteger();

		Journal(long seed) {
			this.seed = seed;
		}

		Mono<Void> run(String method, StatusUpdate update) {
			History history = this.histories.computeIfAbsent(method + update.messageSid(), (key) -> new History());
			return Mono.defer(() -> {
				int rank = STATUSES.indexOf(update.rawStatus());
				int run = begin(history, rank);
				Random random = new Random(this.seed ^ (update.messageSid() + method + rank + run).hashCode());
				int fate = random.nextInt(100);
				// Long enough for many to run when Redis fails.
				Mono<Void> work = Mono.delay(Duration.ofMillis(random.nextInt(100))).then();
				if (fate < 6) {
					this.hung.incrementAndGet();
					work = Mono.delay(Duration.ofMillis(1000 + random.nextInt(1500))).then();
				}
				if (fate > 93) {
					this.failed.incrementAndGet();
					work = work.then(Mono.error(new IllegalStateException("chaos")));
				}
				if (fate == 50) {
					work = Mono.never();
				}
				return work.doOnSuccess((done) -> history.end(rank, run, true))
					.doOnError((failure) -> history.end(rank, run, false))
					.doOnCancel(() -> {
						this.limited.incrementAndGet();
						history.end(rank, run, false);
					});
			});
		}

		private int begin(History history, int rank) {
			synchronized (history) {
				if (history.isRunning() || history.had.contains(rank)) {
					this.twice.incrementAndGet();
				}
				else if (history.had.stream().anyMatch((each) -> each > rank)) {
					this.backwards.incrementAndGet();
				}
				return history.begin();
			}
		}

		void acknowledged(String sid, String status) {
			this.acknowledged.computeIfAbsent(sid, (key) -> new ArrayList<>()).add(status);
		}

		/**
		 * What was acknowledged though a method neither had it nor a later one, and what
		 * never was.
		 */
		int lost() {
			int lost = this.unacknowledged.get();
			for (Map.Entry<String, List<String>> entry : this.acknowledged.entrySet()) {
				for (String status : entry.getValue()) {
					for (String method : List.of("blocking", "reactive")) {
						History history = this.histories.getOrDefault(method + entry.getKey(), new History());
						int rank = STATUSES.indexOf(status);
						if (history.had.stream().noneMatch((each) -> each >= rank)) {
							lost++;
						}
					}
				}
			}
			return lost;
		}

	}

	/**
	 * What one method had of one message.
	 */
	private static final class History {

		private final List<Integer> had = new ArrayList<>();

		// The number of the run that holds the message's claim, or 0.
		private int running;

		private int runs;

		private long began;

		synchronized int begin() {
			this.began = System.nanoTime();
			this.running = ++this.runs;
			return this.running;
		}

		// What takes that long never ends: it loses its claim at its limit, and hears of
		// that a moment later.
		boolean isRunning() {
			return this.running != 0 && System.nanoTime() - this.began < HANDLER_LIMIT.toNanos() * 3 / 4;
		}

		synchronized void end(int rank, int run, boolean success) {
			if (this.running == run) {
				this.running = 0;
			}
			if (success) {
				this.had.add(rank);
			}
		}

	}

}

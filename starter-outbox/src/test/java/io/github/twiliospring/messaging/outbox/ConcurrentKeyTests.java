package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * One key from two transactions at once: the second waits for what becomes of the first.
 */
class ConcurrentKeyTests {

	private static final Duration LATER = Duration.ofDays(1);

	private final Instant time = Instant.now().plus(LATER);

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private TestOutbox test;

	private String url;

	private void open(TestDatabase database) {
		this.url = database.create();
		this.test = instance().withSchema(database.platform());
	}

	private TestOutbox instance() {
		return TestOutbox.of(this.url, TestOutbox.template(this.simulator.baseUrl().toString()), (builder) -> builder);
	}

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.test.close();
		this.simulator.close();
	}

	@ParameterizedTest
	@EnumSource
	void keysDifferByEachCharacter(TestDatabase database) {
		open(database);
		List<String> keys = List.of("a", "A", "a ", " a", "\u00e4", "a\u0308", "\ud83d\ude00".repeat(50), "'", "%",
				"\\");
		keys.forEach((key) -> send(key, "Message of " + key));
		keys.forEach((key) -> assertThat(this.test.outbox.find(key).orElseThrow().key()).isEqualTo(key));
		assertThat(tasks()).isEqualTo(keys.size());
	}

	@ParameterizedTest
	@EnumSource
	void theSecondWritesItsEntryWhereTheFirstIsRolledBack(TestDatabase database) throws Exception {
		open(database);
		assertThat(second(database, "Second", false).get(30, TimeUnit.SECONDS)).isNull();
		assertThat(this.test.database.sql("select content from twilio_outbox").query(String.class).single())
			.contains("Second");
		assertThat(tasks()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void theSecondFindsTheSameEntryWhereTheFirstIsCommitted(TestDatabase database) throws Exception {
		open(database);
		assertThat(second(database, "First", true).get(30, TimeUnit.SECONDS)).isNull();
		assertThat(tasks()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void theSecondIsToldThatTheCommittedOneDiffersAndItsTransactionGoesOn(TestDatabase database) throws Exception {
		open(database);
		assertThat(second(database, "Second", true).get(30, TimeUnit.SECONDS))
			.isInstanceOf(OutboxKeyConflictException.class);
		assertThat(this.test.outbox.find("other")).as("what the same transaction wrote afterwards").isPresent();
		assertThat(tasks()).isEqualTo(2);
	}

	@Test
	void aTransactionThatMayNotSeeTheFirstFailsAsOneThatCanBeRepeated() {
		open(TestDatabase.POSTGRESQL);
		TransactionTemplate snapshot = new TransactionTemplate(this.test.transaction.getTransactionManager());
		snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> snapshot.executeWithoutResult((status) -> {
				assertThat(this.test.outbox.find("key")).isEmpty();
				CompletableFuture.runAsync(() -> send("key", "First"), this.threads).join();
				send("key", "First");
			}));
		snapshot.executeWithoutResult((status) -> send("key", "First"));
	}

	@ParameterizedTest
	@EnumSource
	void manyKeysFromTwoInstancesAreWrittenOnceInWhateverOrder(TestDatabase database) throws Exception {
		open(database);
		List<Integer> numbers = IntStream.range(0, 500).boxed().toList();
		List<Integer> backwards = new ArrayList<>(numbers);
		Collections.reverse(backwards);
		try (TestOutbox other = instance()) {
			for (int round = 0; round < 5; round++) {
				String name = "round-" + round;
				long inserted = 0;
				for (Future<Long> each : this.threads.invokeAll(List.<Callable<Long>>of(
						() -> sendAll(this.test, name, numbers), () -> sendAll(other, name, backwards)))) {
					inserted += each.get();
				}
				assertThat(inserted).isEqualTo(500);
			}
		}
	}

	private long sendAll(TestOutbox instance, String name, List<Integer> numbers) {
		return instance.outbox.sendAll(numbers.stream()
			.map((number) -> OutboxRequest.of(name + "-" + number, to("+15558675310").body(name)).at(this.time)));
	}

	/**
	 * Writes an entry in one transaction, then in another that waits for it, and ends the
	 * first.
	 * @return what the second ended with, or {@code null}
	 */
	private CompletableFuture<Throwable> second(TestDatabase database, String body, boolean commit) throws Exception {
		CountDownLatch written = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		CompletableFuture<Void> first = CompletableFuture
			.runAsync(() -> this.test.transaction.executeWithoutResult((status) -> {
				send("key", "First");
				written.countDown();
				call(() -> end.await(30, TimeUnit.SECONDS));
				if (!commit) {
					status.setRollbackOnly();
				}
			}), this.threads);
		assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Throwable> second = CompletableFuture.supplyAsync(() -> inTransaction(body), this.threads);
		await().atMost(Duration.ofSeconds(25)).until(() -> waiting(database) > 0);
		assertThat(second).isNotDone();
		end.countDown();
		first.get(30, TimeUnit.SECONDS);
		return second;
	}

	private Throwable inTransaction(String body) {
		return this.test.transaction.execute((status) -> {
			try {
				send("key", body);
				return null;
			}
			catch (OutboxKeyConflictException ex) {
				send("other", body);
				return ex;
			}
		});
	}

	private void send(String key, String body) {
		this.test.outbox.sendAt(key, to("+15558675310").body(body), this.time);
	}

	private int waiting(TestDatabase database) {
		return this.test.database.sql(switch (database) {
			case H2 ->
				"select count(*) from information_schema.sessions where executing_statement like 'insert into twilio_outbox (%'";
			case POSTGRESQL ->
				"select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
			case MARIADB ->
				"select count(*) from information_schema.processlist where db = database() and info like 'insert into twilio_outbox (%'";
		}).query(Integer.class).single();
	}

	private int tasks() {
		return this.test.database.sql("select count(*) from twilio_outbox_tasks").query(Integer.class).single();
	}

	private static <T> T call(Callable<T> work) {
		try {
			return work.call();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}

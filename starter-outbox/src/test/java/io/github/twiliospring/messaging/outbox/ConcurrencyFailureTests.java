package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Deadlocks and serialization failures, whoever of application and relay is hit: nothing
 * is lost or sent twice, and callers get what they'd repeat for.
 */
class ConcurrencyFailureTests {

	private static final String DEADLOCK = "40P01";

	private static final String SERIALIZATION = "40001";

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final String url = TestPostgres.database();

	private final AtomicInteger told = new AtomicInteger();

	private TwilioSimulator simulator;

	private TestOutbox first;

	private TestOutbox second;

	private Journal journal;

	@BeforeEach
	void start() {
		this.simulator = TestOutbox.simulator();
		this.first = instance(this.url).withSchema("postgresql");
		this.second = instance(this.url);
		this.journal = new Journal(this.first);
	}

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.first.close();
		this.second.close();
		this.simulator.close();
	}

	@Test
	void aRelayThatIsTheVictimTriesAgainWhatItWroteAndSendsNothingTwice() {
		for (String code : List.of(DEADLOCK, SERIALIZATION)) {
			fail(code, 1, "update on twilio_outbox",
					"new.state = 'sending' and new.message_key = 'claim-" + code + "'");
			fail(code, 3, "update on twilio_outbox", "new.state = 'sent' and new.message_key = 'mark-" + code + "'");
		}
		for (String code : List.of(DEADLOCK, SERIALIZATION)) {
			send(this.first, "claim-" + code, "mark-" + code);
		}
		this.first.start();
		this.second.start();
		for (String code : List.of(DEADLOCK, SERIALIZATION)) {
			for (String key : List.of("claim-" + code, "mark-" + code)) {
				OutboxEntry sent = this.second.awaitState(key, OutboxState.SENT);
				System.out.printf("FAILED %-30s %s, messages: %d%n", key, this.journal.of(key), messages(key));
				assertThat(this.journal.of(key)).as(key).isEqualTo("waiting → sending → sent");
				assertThat(sent.attempts()).as(key).isEqualTo(1);
				assertThat(messages(key)).as(key).isEqualTo(1);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "insert on twilio_outbox", "insert on twilio_outbox_tasks" })
	void aCallerThatIsTheVictimGetsAFailureThatIsRepeatedForAndLeavesNothing(String statement) {
		fail(SERIALIZATION, 2, statement, "true");
		Instant when = Instant.parse("2100-01-01T00:00:00Z");
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> this.first.transaction.executeWithoutResult(
					(status) -> this.first.outbox.sendAt("victim", to("+15558675310").body("victim"), when)));
		assertThatExceptionOfType(ConcurrencyFailureException.class).isThrownBy(() -> this.first.transaction
			.executeWithoutResult((status) -> this.first.outbox.sendAll(SenderProcess.batch())));
		assertThat(this.journal.count("waiting")).isZero();
		this.first.outbox.sendAt("victim", to("+15558675310").body("victim"), when);
		assertThat(this.first.rows("twilio_outbox_tasks")).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { DEADLOCK, SERIALIZATION })
	void aTransactionOfTheOutboxsOwnThatIsTheVictimIsRepeated(String code) {
		fail(code, 2, "insert on twilio_outbox", "true");
		Instant when = Instant.parse("2100-01-01T00:00:00Z");
		this.first.outbox.sendAt("victim", to("+15558675310").body("victim"), when);
		assertThat(this.first.outbox.sendAll(SenderProcess.batch())).isEqualTo(1000);
		assertThat(this.first.rows("twilio_outbox_tasks")).isEqualTo(1001);
	}

	@Test
	void twoTransactionsThatLockEachOtherOutLoseOneWhole() throws Exception {
		Instant when = Instant.parse("2100-01-01T00:00:00Z");
		for (String key : List.of("a", "b")) {
			this.first.outbox.sendAt(key, to("+15558675310").body(key), when);
		}
		this.first.start();
		this.second.start();
		CyclicBarrier both = new CyclicBarrier(2);
		Future<Boolean> one = this.threads.submit(() -> cancel(this.first, both, "of-the-first", "a", "b"));
		Future<Boolean> other = this.threads.submit(() -> cancel(this.second, both, "of-the-second", "b", "a"));
		boolean committed = one.get(1, TimeUnit.MINUTES);
		assertThat(other.get(1, TimeUnit.MINUTES)).as("one of them is committed").isEqualTo(!committed);
		this.first.awaitState(committed ? "of-the-first" : "of-the-second", OutboxState.SENT);
		assertThat(this.first.outbox.find(committed ? "of-the-second" : "of-the-first")).isEmpty();
		for (String key : List.of("a", "b")) {
			assertThat(this.first.entry(key).state()).isEqualTo(OutboxState.CANCELED);
			assertThat(this.journal.of(key)).isEqualTo("waiting → canceled");
		}
		assertThat(this.simulator.messages()).hasSize(1);
	}

	private Boolean cancel(TestOutbox instance, CyclicBarrier both, String own, String one, String other) {
		try {
			instance.transaction.executeWithoutResult((status) -> {
				send(instance, own);
				instance.outbox.cancel(one);
				meet(both);
				instance.outbox.cancel(other);
			});
			return true;
		}
		catch (ConcurrencyFailureException ex) {
			return false;
		}
	}

	@ParameterizedTest
	@ValueSource(
			ints = { TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE })
	void callersThatSeeNoOtherTransactionStillGetOneEntryForAKey(int isolation) throws Exception {
		this.first.start();
		this.second.start();
		AtomicInteger repeated = new AtomicInteger();
		CyclicBarrier all = new CyclicBarrier(6);
		Callable<Void> caller = () -> {
			TestOutbox instance = (repeated.get() % 2 == 0) ? this.first : this.second;
			AtomicBoolean met = new AtomicBoolean();
			for (boolean done = false; !done;) {
				done = tried(instance, isolation, () -> {
					// What it sees of the others is settled by its first statement.
					instance.outbox.find("key-1");
					if (!met.getAndSet(true)) {
						meet(all);
					}
					send(instance, "key-1", "key-2", "key-3");
				});
				repeated.addAndGet(done ? 0 : 1);
			}
			return null;
		};
		for (Future<Void> done : this.threads.invokeAll(IntStream.range(0, 6).mapToObj((i) -> caller).toList())) {
			done.get(1, TimeUnit.MINUTES);
		}
		for (String key : List.of("key-1", "key-2", "key-3")) {
			this.first.awaitState(key, OutboxState.SENT);
			assertThat(this.journal.of(key)).isEqualTo("waiting → sending → sent");
			assertThat(messages(key)).isEqualTo(1);
		}
		assertThat(repeated).as("callers that had to repeat").hasPositiveValue();
	}

	@ParameterizedTest
	@ValueSource(ints = { TransactionDefinition.ISOLATION_READ_COMMITTED,
			TransactionDefinition.ISOLATION_REPEATABLE_READ, TransactionDefinition.ISOLATION_SERIALIZABLE })
	void aCancelThatIsOvertakenByTheClaimSaysSoOrFails(int isolation) {
		send(this.first, "overtaken");
		TransactionTemplate transaction = isolated(this.first, isolation);
		AtomicInteger canceled = new AtomicInteger();
		try {
			transaction.executeWithoutResult((status) -> {
				assertThat(this.first.entry("overtaken").state()).isEqualTo(OutboxState.WAITING);
				this.second.start();
				this.second.awaitState("overtaken", OutboxState.SENT);
				canceled.set(this.first.outbox.cancel("overtaken") ? 1 : 0);
			});
			assertThat(isolation).isEqualTo(TransactionDefinition.ISOLATION_READ_COMMITTED);
		}
		catch (ConcurrencyFailureException ex) {
			assertThat(isolation).isNotEqualTo(TransactionDefinition.ISOLATION_READ_COMMITTED);
		}
		assertThat(canceled).hasValue(0);
		assertThat(this.journal.of("overtaken")).isEqualTo("waiting → sending → sent");
	}

	@Test
	void aClaimWaitsForACancelAndSendsOnlyWhatWasntCanceled() {
		Instant soon = Instant.now().plusSeconds(3600);
		for (String key : List.of("canceled", "kept")) {
			this.first.outbox.sendAt(key, to("+15558675310").body(key), soon);
		}
		for (String key : List.of("canceled", "kept")) {
			this.first.transaction.executeWithoutResult((status) -> {
				this.first.outbox.reschedule(key, Instant.now());
			});
		}
		this.first.transaction.executeWithoutResult((status) -> {
			assertThat(this.first.outbox.cancel("canceled")).isTrue();
			this.second.start();
			this.second.awaitState("kept", OutboxState.SENT);
		});
		send(this.first, "later");
		this.second.awaitState("later", OutboxState.SENT);
		assertThat(this.journal.of("canceled")).isEqualTo("waiting → canceled");
		assertThat(messages("canceled")).isZero();
	}

	@Test
	void aStatusCallbackThatComesAmidTheMarkTellsItOnceAndIsKept() throws Exception {
		try (ServerHold mark = ServerHold.ofStatement(this.url, "update on twilio_outbox", "new.state = 'sent'")) {
			this.first.outbox.send("ship-1", to("+15558675310").body("ship-1").statusCallback("http://localhost:1/s"));
			this.first.start();
			this.second.outbox.afterSingletonsInstantiated();
			mark.awaitHeld();
			SimulatedMessage message = this.simulator.messages().get(0);
			Future<?> callback = this.threads.submit(() -> this.second.outbox.settle(delivered(message)));
			this.first.awaitRowLock();
			mark.release();
			callback.get(1, TimeUnit.MINUTES);
			OutboxEntry sent = this.first.awaitState("ship-1", OutboxState.SENT);
			await().atMost(TestOutbox.TIMEOUT).until(() -> this.first.rows("twilio_outbox_tasks") == 0);
			assertThat(sent.lastStatus()).isEqualTo(MessageStatus.DELIVERED);
			assertThat(this.journal.of("ship-1")).isEqualTo("waiting → sending → sent");
			assertThat(this.told).as("times that it was told").hasValue(1);
		}
	}

	@Test
	void aMarkThatComesAmidAStatusCallbackChangesNothingAndTellsNothing() {
		this.simulator
			.inject(io.github.twiliospring.messaging.simulator.fault.Fault.delay(Duration.ofSeconds(3)).on("POST"));
		this.first.outbox.send("ship-1", to("+15558675310").body("ship-1").statusCallback("http://localhost:1/s"));
		this.first.start();
		this.second.outbox.afterSingletonsInstantiated();
		SimulatedMessage message = this.simulator.awaitMessage(MessageMatcher.body("ship-1"), TestOutbox.TIMEOUT);
		this.second.transaction.executeWithoutResult((status) -> {
			this.second.outbox.settle(delivered(message));
			this.second.awaitRowLock();
		});
		OutboxEntry sent = this.first.awaitState("ship-1", OutboxState.SENT);
		await().atMost(TestOutbox.TIMEOUT).until(() -> this.first.rows("twilio_outbox_tasks") == 0);
		assertThat(this.first.entry("ship-1")).isEqualTo(sent);
		assertThat(sent.lastStatus()).isEqualTo(MessageStatus.DELIVERED);
		assertThat(this.journal.of("ship-1")).isEqualTo("waiting → sending → sent");
		assertThat(this.told).as("times that it was told").hasValue(1);
	}

	@Test
	void aDatabaseThatIsSerializableByDefaultSendsEachEntryOnce() {
		String serializable = this.url + "&options=-c%20default_transaction_isolation=serializable";
		try (TestOutbox one = instance(serializable).start(); TestOutbox other = instance(serializable).start()) {
			String[] keys = IntStream.range(0, 40).mapToObj((i) -> "entry-" + i).toArray(String[]::new);
			for (String key : keys) {
				for (boolean done = false; !done;) {
					done = tried(one, TransactionDefinition.ISOLATION_DEFAULT, () -> send(one, key));
				}
			}
			for (String key : keys) {
				other.awaitState(key, OutboxState.SENT);
				assertThat(messages(key)).as(key).isEqualTo(1);
			}
			assertThat(this.journal.count("unknown")).isZero();
		}
	}

	private static boolean tried(TestOutbox instance, int isolation, Runnable work) {
		try {
			isolated(instance, isolation).executeWithoutResult((status) -> work.run());
			return true;
		}
		catch (ConcurrencyFailureException | TransactionSystemException ex) {
			return false;
		}
	}

	private static TransactionTemplate isolated(TestOutbox instance, int isolation) {
		TransactionTemplate transaction = new TransactionTemplate(instance.transaction.getTransactionManager());
		transaction.setIsolationLevel(isolation);
		return transaction;
	}

	private static void meet(CyclicBarrier barrier) {
		try {
			barrier.await(1, TimeUnit.MINUTES);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private StatusUpdate delivered(SimulatedMessage message) {
		String sendId = message.statusCallback().replaceAll(".*message-send-id=([^&#]*).*", "$1");
		return StatusUpdate.of(Map.of("MessageSid", List.of(message.sid()), "AccountSid",
				List.of(this.simulator.accountSid()), "MessageStatus", List.of("delivered")),
				Map.of("message-send-id", List.of(sendId)));
	}

	private void send(TestOutbox writer, String... keys) {
		for (String key : keys) {
			writer.outbox.send(key, to("+15558675310").body(key));
		}
	}

	private long messages(String key) {
		return this.simulator.messages().stream().filter(MessageMatcher.body(key)::matches).count();
	}

	// PostgreSQL ends the first statements that change such rows with an error.
	private void fail(String code, int times, String change, String condition) {
		String name = "fail_" + Integer.toUnsignedString((code + change + condition).hashCode());
		this.first.database.sql("create sequence " + name).update();
		this.first.database.sql("""
				create function %1$s() returns trigger language plpgsql as $$
				begin
				  if nextval('%1$s') <= %2$d then
				    raise exception 'made by the test' using errcode = '%3$s';
				  end if;
				  return null;
				end $$""".formatted(name, times, code)).update();
		this.first.database
			.sql("create trigger %1$s after %2$s for each row when (%3$s) execute function %1$s()".formatted(name,
					change, condition))
			.update();
	}

	private TestOutbox instance(String jdbcUrl) {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("listener", new Listener(this.told));
		return TestOutbox.of(jdbcUrl,
				TestOutbox.template(this.simulator.baseUrl().toString()).deadline(Duration.ofSeconds(20)),
				(builder) -> builder.beanFactory(beans)
					.heartbeat(Duration.ofSeconds(2))
					.unresolvedAfter(Duration.ofSeconds(20)));
	}

	/**
	 * Counts what it's told, in each instance.
	 */
	record Listener(AtomicInteger told) {

		@OutboxUpdate(OutboxState.SENT)
		void count(OutboxEntry entry) {
			this.told.incrementAndGet();
		}

	}

}

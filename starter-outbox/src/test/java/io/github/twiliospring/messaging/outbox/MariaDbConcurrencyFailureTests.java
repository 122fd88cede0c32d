package io.github.twiliospring.messaging.outbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.ConcurrencyFailureException;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Deadlocks in MariaDB, whoever of application and relay is the victim.
 */
class MariaDbConcurrencyFailureTests {

	private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

	private final String url = TestDatabase.MARIADB.create();

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private final TestOutbox first = instance().withSchema("mariadb");

	private final TestOutbox second = instance();

	private final Journal journal = new Journal(this.first);

	@AfterEach
	void stop() {
		this.first.close();
		this.second.close();
		this.simulator.close();
	}

	@Test
	void aRelayThatIsTheVictimTriesAgainWhatItWroteAndSendsNothingTwice() {
		String claims = fail("update", 1, "new.state = 'sending' and new.message_key = 'claim'");
		String marks = fail("update", 3, "new.state = 'sent' and new.message_key = 'mark'");
		for (String key : List.of("claim", "mark")) {
			this.first.outbox.send(key, to("+15558675310").body(key));
		}
		this.first.start();
		this.second.start();
		for (String key : List.of("claim", "mark")) {
			OutboxEntry sent = this.second.awaitState(key, OutboxState.SENT);
			assertThat(this.journal.of(key)).as(key).isEqualTo("waiting → sending → sent");
			assertThat(sent.attempts()).as(key).isEqualTo(1);
			assertThat(this.simulator.messages().stream().filter(MessageMatcher.body(key)::matches)).as(key).hasSize(1);
		}
		assertThat(tries(claims)).as("claims").isEqualTo(2);
		assertThat(tries(marks)).as("marks").isEqualTo(4);
	}

	@Test
	void aCallerThatIsTheVictimGetsAFailureThatIsRepeatedForAndLeavesNothing() {
		fail("insert", 2, "true");
		assertThatExceptionOfType(ConcurrencyFailureException.class).isThrownBy(() -> inTransaction(
				() -> this.first.outbox.sendAt("victim", to("+15558675310").body("victim"), LATER)));
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> inTransaction(() -> this.first.outbox.sendAll(SenderProcess.batch())));
		assertThat(this.first.rows("twilio_outbox")).isZero();
		assertThat(this.first.rows("twilio_outbox_tasks")).isZero();
		assertThat(this.first.outbox.sendAll(SenderProcess.batch())).isEqualTo(1000);
		assertThat(this.first.rows("twilio_outbox_tasks")).isEqualTo(1000);
	}

	@Test
	void aTransactionOfTheOutboxsOwnThatIsTheVictimIsRepeated() {
		fail("insert", 2, "true");
		this.first.outbox.sendAt("victim", to("+15558675310").body("victim"), LATER);
		assertThat(this.first.outbox.sendAll(SenderProcess.batch())).isEqualTo(1000);
		assertThat(this.first.rows("twilio_outbox_tasks")).isEqualTo(1001);
	}

	@Test
	void aStatusUpdateThatIsOvertakenInASnapshotIsKept() throws Exception {
		this.first.outbox.sendAt("proved", to("+15558675310").body("proved"), LATER);
		this.first.database.sql("update twilio_outbox set state = 'unknown', send_id = 'send-1'").update();
		try (TestOutbox snapshot = instanceOf(this.url + "&sessionVariables=innodb_snapshot_isolation=ON");
				Connection other = DriverManager.getConnection(this.url)) {
			other.setAutoCommit(false);
			other.createStatement().executeUpdate("update twilio_outbox set version = version + 1");
			CompletableFuture<Void> settled = CompletableFuture
				.runAsync(() -> snapshot.outbox.settle(sent("send-1", this.simulator.accountSid())));
			awaitWaitingMark();
			other.commit();
			assertThat(settled).succeedsWithin(TestOutbox.TIMEOUT);
		}
		assertThat(this.first.entry("proved").state()).isEqualTo(OutboxState.SENT);
	}

	private static StatusUpdate sent(String sendId, String account) {
		return StatusUpdate.of(Map.of("MessageSid", List.of("SM00000000000000000000000000000001"), "AccountSid",
				List.of(account), "MessageStatus", List.of("sent")), Map.of("message-send-id", List.of(sendId)));
	}

	// Entries that come in between the rows that are held would split their pages.
	@Test
	void hundredsOfEntriesComeBesideThoseThatATransactionHolds() {
		String text = "x".repeat(1500);
		List<String> held = IntStream.range(0, 40).mapToObj((number) -> "held-" + number).toList();
		held.forEach((key) -> this.first.outbox.sendAt(key, to("+15558675310").body(text), LATER));
		inTransaction(() -> {
			held.forEach((key) -> assertThat(this.first.outbox.cancel(key)).isTrue());
			CompletableFuture
				.runAsync(() -> IntStream.range(0, 400)
					.forEach((number) -> this.second.outbox.sendAt("beside-" + number, to("+15558675310").body(text),
							LATER)))
				.orTimeout(40, TimeUnit.SECONDS)
				.join();
		});
		assertThat(this.first.rows("twilio_outbox where state = 'waiting'")).isEqualTo(400);
	}

	@Test
	void aRelayThatIsSerializableByDefaultSendsBesideAnOpenTransaction() {
		try (TestOutbox serializable = instanceOf(this.url + "&sessionVariables=tx_isolation='SERIALIZABLE'")) {
			this.first.outbox.send("held", to("+15558675310").body("held"));
			inTransaction(() -> {
				assertThat(this.first.outbox.cancel("held")).isTrue();
				CompletableFuture.runAsync(() -> {
					serializable.start();
					this.second.outbox.send("free", to("+15558675310").body("free"));
					this.second.awaitState("free", OutboxState.SENT);
				}).orTimeout(40, TimeUnit.SECONDS).join();
			});
		}
	}

	private void inTransaction(Runnable work) {
		this.first.transaction.executeWithoutResult((status) -> work.run());
	}

	@Test
	void twoTransactionsThatLockEachOtherOutLoseOneWhole() {
		for (String key : List.of("a", "b")) {
			this.first.outbox.sendAt(key, to("+15558675310").body(key), LATER);
		}
		this.first.start();
		this.second.start();
		CyclicBarrier both = new CyclicBarrier(2);
		CompletableFuture<Boolean> one = CompletableFuture
			.supplyAsync(() -> cancel(this.first, both, "first", "a", "b"));
		boolean other = cancel(this.second, both, "second", "b", "a");
		assertThat(one.join()).as("one of them is committed").isEqualTo(!other);
		this.first.awaitState(other ? "second" : "first", OutboxState.SENT);
		assertThat(this.first.outbox.find(other ? "first" : "second")).isEmpty();
		assertThat(this.journal.of("a")).isEqualTo("waiting → canceled");
		assertThat(this.journal.of("b")).isEqualTo("waiting → canceled");
		assertThat(this.simulator.messages()).hasSize(1);
	}

	@Test
	void aMarkThatWaitsForALockLocksNobodyOut() throws Exception {
		try (ScriptedApi api = new ScriptedApi(this.simulator);
				TestOutbox sender = instance(api.url());
				RowHold hold = new RowHold(this.url)) {
			api.script("sent", (call) -> {
				hold.lock("sent");
				return call.pass();
			});
			this.first.outbox.send("sent", to("+15558675310").body("sent"));
			sender.start();
			awaitWaitingMark();
			CompletableFuture
				.runAsync(() -> this.second.outbox.sendAt("another's", to("+15558675310").body("x"), LATER))
				.orTimeout(20, TimeUnit.SECONDS)
				.join();
			hold.release();
			this.first.awaitState("sent", OutboxState.SENT);
			assertThat(this.journal.of("sent")).isEqualTo("waiting → sending → sent");
		}
	}

	@Test
	void aCleanUpWaitsForNoEntryThatItLeavesAlone() throws Exception {
		List<String> old = IntStream.range(0, 10).mapToObj((number) -> "old-" + number).toList();
		this.first.outbox.sendAt("held", to("+15558675310").body("held"), LATER);
		for (String key : old) {
			this.first.outbox.sendAt(key, to("+15558675310").body(key), LATER);
			this.first.outbox.cancel(key);
		}
		this.first.database.sql("update twilio_outbox set ended_at = '2020-01-01' where state = 'canceled'").update();
		try (RowHold hold = new RowHold(this.url)) {
			hold.lock("held");
			this.second.start();
			await().atMost(Duration.ofSeconds(20)).until(() -> this.first.rows("twilio_outbox") == 1);
		}
	}

	private void awaitWaitingMark() {
		await().atMost(TestOutbox.TIMEOUT)
			.until(() -> this.first.rows("information_schema.processlist where db = database() and time_ms > 200"
					+ " and info like 'update twilio_outbox set state = ''sent''%'") > 0);
	}

	private static boolean cancel(TestOutbox instance, CyclicBarrier both, String own, String one, String other) {
		try {
			instance.transaction.executeWithoutResult((status) -> {
				instance.outbox.cancel(one);
				meet(both);
				instance.outbox.cancel(other);
				instance.outbox.send(own, to("+15558675310").body(own));
			});
			return true;
		}
		catch (ConcurrencyFailureException ex) {
			return false;
		}
	}

	private static void meet(CyclicBarrier barrier) {
		try {
			barrier.await(1, TimeUnit.MINUTES);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	// MariaDB ends the first statements that change such rows as those of a victim.
	private String fail(String change, int times, String condition) {
		String name = "fail_" + Integer.toUnsignedString(condition.hashCode());
		this.first.database.sql("create sequence " + name).update();
		this.first.database.sql("""
				create trigger %1$s before %2$s on twilio_outbox for each row
				begin
				  if %3$s then
				    if nextval(%1$s) <= %4$d then
				      signal sqlstate '40001' set mysql_errno = 1213, message_text = 'made by the test';
				    end if;
				  end if;
				end""".formatted(name, change, condition, times)).update();
		return name;
	}

	private int tries(String failure) {
		return this.first.database.sql("select nextval(" + failure + ") - 1").query(Integer.class).single();
	}

	private TestOutbox instance() {
		return instance(this.simulator.baseUrl().toString());
	}

	private TestOutbox instance(String api) {
		return instance(this.url, api);
	}

	private TestOutbox instanceOf(String jdbcUrl) {
		return instance(jdbcUrl, this.simulator.baseUrl().toString());
	}

	private static TestOutbox instance(String jdbcUrl, String api) {
		return TestOutbox.of(jdbcUrl, TestOutbox.template(api).deadline(Duration.ofSeconds(20)),
				(builder) -> builder.heartbeat(Duration.ofSeconds(2)).unresolvedAfter(Duration.ofSeconds(20)));
	}

}

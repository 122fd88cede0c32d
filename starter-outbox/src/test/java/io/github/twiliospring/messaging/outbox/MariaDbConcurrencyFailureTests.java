package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
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
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> this.first.outbox.sendAt("victim", to("+15558675310").body("victim"), LATER));
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> this.first.outbox.sendAll(SenderProcess.batch()));
		assertThat(this.first.rows("twilio_outbox")).isZero();
		assertThat(this.first.rows("twilio_outbox_tasks")).isZero();
		assertThat(this.first.outbox.sendAll(SenderProcess.batch())).isEqualTo(1000);
		assertThat(this.first.rows("twilio_outbox_tasks")).isEqualTo(1000);
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
	void aMarkThatWaitsForACallersTransactionLocksNobodyOut() throws Exception {
		try (ScriptedApi api = new ScriptedApi(this.simulator); TestOutbox sender = instance(api.url())) {
			CompletableFuture<Void> canceled = new CompletableFuture<>();
			CompletableFuture<Void> replaced = new CompletableFuture<>();
			api.script("sent", (call) -> {
				CompletableFuture.runAsync(() -> this.second.transaction.executeWithoutResult((status) -> {
					assertThat(this.second.outbox.cancel("sent")).as("it may be on the wire").isFalse();
					canceled.complete(null);
					awaitWaitingMark();
					// Another's comes through, and one's own is no deadlock.
					CompletableFuture
						.runAsync(() -> this.first.outbox.sendAt("another's", to("+15558675310").body("x"), LATER))
						.orTimeout(10, TimeUnit.SECONDS)
						.join();
					this.second.outbox.sendAt("own", to("+15558675310").body("x"), LATER);
				})).whenComplete((nothing, failure) -> {
					if (failure != null) {
						canceled.completeExceptionally(failure);
						replaced.completeExceptionally(failure);
					}
					replaced.complete(null);
				});
				canceled.join();
				return call.pass();
			});
			this.first.outbox.send("sent", to("+15558675310").body("sent"));
			sender.start();
			assertThat(replaced).succeedsWithin(TestOutbox.TIMEOUT);
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
		return TestOutbox.of(this.url, TestOutbox.template(api).deadline(Duration.ofSeconds(20)),
				(builder) -> builder.heartbeat(Duration.ofSeconds(2)).unresolvedAfter(Duration.ofSeconds(20)));
	}

}

package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A caller's transaction that stays open holds up nobody who wants other entries.
 */
class OpenTransactionsTests {

	private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

	private static final List<String> OTHERS = List.of("a", "bb", "e", "nobody", "z");

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private TestOutbox caller;

	private TestOutbox others;

	private String url = "";

	private void open(TestDatabase database) {
		this.url = database.create();
		String api = this.simulator.baseUrl().toString();
		this.caller = instance(this.url, api).withSchema(database.platform());
		this.others = instance(this.url, api);
	}

	private static TestOutbox instance(String url, String api) {
		return TestOutbox.of(url, TestOutbox.template(api).deadline(Duration.ofSeconds(20)),
				(builder) -> builder.inFlight(4).heartbeat(Duration.ofSeconds(2)));
	}

	@AfterEach
	void close() {
		this.caller.close();
		this.others.close();
		this.simulator.close();
	}

	@ParameterizedTest
	@EnumSource
	void othersWriteCancelAndSendBesideIt(TestDatabase database) {
		open(database);
		this.caller.start();
		List.of("b", "d", "f").forEach((key) -> sendAt(this.caller, key, LATER));
		this.caller.transaction.executeWithoutResult((status) -> {
			sendAt(this.caller, "open", Instant.now());
			sendAt(this.caller, "c", LATER);
			assertThat(this.caller.outbox.cancel("b")).isTrue();
			assertThat(this.caller.outbox.reschedule("d", LATER.plusSeconds(1))).isTrue();
			assertThat(this.caller.outbox.cancel("nobody's")).isFalse();
			meanwhile(() -> {
				OTHERS.forEach((key) -> sendAt(this.others, key, Instant.now()));
				assertThat(this.others.outbox.cancel("f")).isTrue();
				this.others.start();
				OTHERS.forEach((key) -> this.others.awaitState(key, OutboxState.SENT));
			});
		});
		this.others.awaitState("open", OutboxState.SENT);
	}

	// H2, on a desk, knows no rows that are passed over: whoever wants one waits a
	// little.
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void whatItHoldsIsPassedOverWhileOthersAreSent(TestDatabase database) {
		open(database);
		List<String> held = IntStream.range(0, 12).mapToObj((number) -> "held-" + number).toList();
		held.forEach((key) -> sendAt(this.caller, key, Instant.now()));
		this.caller.transaction.executeWithoutResult((status) -> {
			held.forEach((key) -> assertThat(this.caller.outbox.cancel(key)).isTrue());
			meanwhile(() -> {
				this.others.start();
				OTHERS.forEach((key) -> sendAt(this.others, key, Instant.now()));
				OTHERS.forEach((key) -> this.others.awaitState(key, OutboxState.SENT));
			});
			status.setRollbackOnly();
		});
		held.forEach((key) -> this.others.awaitState(key, OutboxState.SENT));
		assertThat(this.simulator.messages()).hasSize(held.size() + OTHERS.size());
	}

	@ParameterizedTest
	@EnumSource
	void aKeyThatComesAgainHoldsUpNeitherItsEntryNorOthers(TestDatabase database) {
		open(database);
		Instant when = Instant.now();
		List<String> again = IntStream.range(0, 8).mapToObj((number) -> "again-" + number).toList();
		again.forEach((key) -> sendAt(this.caller, key, when));
		this.caller.transaction.executeWithoutResult((status) -> {
			again.forEach((key) -> sendAt(this.caller, key, when));
			assertThat(this.caller.outbox.sendAll(
					again.stream().map((key) -> OutboxRequest.of(key, to("+15558675310").body(key).build()).at(when))))
				.isZero();
			meanwhile(() -> {
				OTHERS.forEach((key) -> sendAt(this.others, key, Instant.now()));
				this.others.start();
				OTHERS.forEach((key) -> this.others.awaitState(key, OutboxState.SENT));
				again.forEach((key) -> this.others.awaitState(key, OutboxState.SENT));
			});
		});
		assertThat(this.simulator.messages()).hasSize(again.size() + OTHERS.size());
	}

	@ParameterizedTest
	@EnumSource
	void aPersonsDecisionHoldsUpNobody(TestDatabase database) {
		open(database);
		for (Resolution resolution : Resolution.values()) {
			sendAt(this.caller, resolution.name(), LATER);
		}
		this.caller.database.sql("delete from twilio_outbox_tasks").update();
		// In MariaDB the place of a row that was there a moment ago is another's than
		// that of one which never was.
		this.caller.database.sql("""
				update twilio_outbox set id = concat('of-', message_key), state = 'unresolved', next_at = null,
				 attempted_at = created_at, send_id = message_key""").update();
		this.caller.transaction.executeWithoutResult((status) -> {
			for (Resolution resolution : Resolution.values()) {
				assertThat(this.caller.outbox.resolve(resolution.name(), resolution)).isTrue();
			}
			meanwhile(() -> {
				OTHERS.forEach((key) -> sendAt(this.others, key, Instant.now()));
				this.others.start();
				OTHERS.forEach((key) -> this.others.awaitState(key, OutboxState.SENT));
			});
		});
		this.others.awaitState("SEND_AGAIN", OutboxState.SENT);
	}

	@ParameterizedTest
	@EnumSource
	void whoComesTooLateToCancelHoldsUpNoMark(TestDatabase database) throws Exception {
		open(database);
		CompletableFuture<Void> canceled = new CompletableFuture<>();
		CompletableFuture<Void> onTheWire = new CompletableFuture<>();
		try (ScriptedApi api = new ScriptedApi(this.simulator); TestOutbox sender = instance(this.url, api.url())) {
			api.script("late", (call) -> {
				onTheWire.complete(null);
				canceled.join();
				return call.pass();
			});
			sender.start();
			sendAt(this.caller, "late", Instant.now());
			assertThat(onTheWire).succeedsWithin(TestOutbox.TIMEOUT);
			this.caller.transaction.executeWithoutResult((status) -> {
				assertThat(this.caller.outbox.cancel("late")).as("it may be on the wire").isFalse();
				assertThat(this.caller.outbox.reschedule("late", LATER)).as("it may be on the wire").isFalse();
				canceled.complete(null);
				meanwhile(() -> this.others.awaitState("late", OutboxState.SENT));
			});
		}
	}

	// An instance whose heartbeats wait is dead to others, and all that it sends unknown.
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void aMethodThatDecidesInAnOpenTransactionHoldsUpNoHeartbeat(TestDatabase database) throws Exception {
		open(database);
		Journal journal = new Journal(this.caller);
		Decider decider = new Decider();
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("decider", decider);
		CompletableFuture<Void> onTheWire = new CompletableFuture<>();
		try (ScriptedApi api = new ScriptedApi(this.simulator);
				TestOutbox sender = TestOutbox.of(this.url,
						TestOutbox.template(api.url()).deadline(Duration.ofSeconds(20)),
						(builder) -> builder.beanFactory(beans).inFlight(4).heartbeat(Duration.ofSeconds(2)))) {
			decider.instance = sender;
			api.script("slow", (call) -> {
				onTheWire.complete(null);
				decider.heard.join();
				awaitHeartbeats("slow", 3);
				decider.end.complete(null);
				return call.pass();
			});
			sendAt(this.caller, "unresolved", LATER);
			this.caller.database.sql("""
					update twilio_outbox set state = 'unresolved', next_at = created_at, untold = true,
					 attempted_at = created_at, send_id = 'lost'""").update();
			this.caller.database.sql("update twilio_outbox_tasks set execution_time = '2020-01-01'").update();
			sender.start();
			assertThat(decider.heard).succeedsWithin(TestOutbox.TIMEOUT);
			sendAt(this.caller, "slow", Instant.now());
			assertThat(onTheWire).succeedsWithin(TestOutbox.TIMEOUT);
			this.others.start();
			this.others.awaitState("slow", OutboxState.SENT);
			this.others.awaitState("unresolved", OutboxState.SENT);
			assertThat(journal.of("slow")).isEqualTo("waiting → sending → sent");
		}
	}

	private void awaitHeartbeats(String key, int number) {
		Set<String> heard = new HashSet<>();
		await().atMost(Duration.ofSeconds(30)).until(() -> {
			heard.add(this.caller.database.sql("""
					select last_heartbeat from twilio_outbox_tasks where task_instance =
					 (select id from twilio_outbox where message_key = :key)""")
				.param("key", key)
				.query(String.class)
				.single());
			return heard.size() > number;
		});
	}

	// Less than a database waits for a lock.
	private static void meanwhile(Runnable work) {
		CompletableFuture.runAsync(work).orTimeout(40, TimeUnit.SECONDS).join();
	}

	private static void sendAt(TestOutbox writer, String key, Instant when) {
		writer.outbox.sendAt(key, to("+15558675310").body(key), when);
	}

	/**
	 * Decides at once what a person has to, in a transaction that goes on.
	 */
	static class Decider {

		final CompletableFuture<Void> heard = new CompletableFuture<>();

		final CompletableFuture<Void> end = new CompletableFuture<>();

		private volatile TestOutbox instance;

		@OutboxUpdate(OutboxState.UNRESOLVED)
		void decide(OutboxEntry entry) {
			this.instance.transaction.executeWithoutResult((status) -> {
				assertThat(this.instance.outbox.resolve(entry.key(), Resolution.SEND_AGAIN)).isTrue();
				this.heard.complete(null);
				this.end.join();
			});
		}

	}

}

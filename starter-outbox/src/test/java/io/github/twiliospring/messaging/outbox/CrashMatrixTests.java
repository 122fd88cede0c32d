package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.JavaProcess;
import org.junit.jupiter.api.Test;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One of three instances on PostgreSQL is killed (SIGKILL) while it has an entry at each
 * point of its way. Prints what becomes of each.
 */
class CrashMatrixTests {

	private static final String UPDATE = "update on twilio_outbox";

	@Test
	void whatBecomesOfAnEntryAtEachPointWhereItsProcessIsKilled() throws Exception {
		String url = TestPostgres.database();
		Map<String, String> expected = new LinkedHashMap<>();
		expected.put("amid-the-claim", "waiting → sending → sent, messages: 1");
		expected.put("amid-the-claim-that-lands", "waiting → sending → unknown → unresolved, messages: 0");
		expected.put("before-the-write", "waiting → sending → unknown → unresolved, messages: 0");
		expected.put("before-it-is-processed", "waiting → sending → unknown → unresolved, messages: 0");
		expected.put("before-the-answer", "waiting → sending → unknown → sent, messages: 1");
		expected.put("before-the-mark", "waiting → sending → unknown → sent, messages: 1");
		expected.put("amid-the-mark", "waiting → sending → unknown → sent, messages: 1");
		expected.put("amid-the-mark-that-lands", "waiting → sending → sent, messages: 1");
		expected.put("queued-behind-them", "waiting → sending → sent, messages: 1");
		try (TwilioSimulator simulator = TestOutbox.simulator();
				ScriptedApi api = new ScriptedApi(simulator);
				TestOutbox second = survivor(url, api).withSchema("postgresql");
				TestOutbox third = survivor(url, api)) {
			Journal journal = new Journal(second);
			api.script("before-it-is-processed", (call) -> call.hang());
			api.script("before-the-answer", (call) -> {
				call.process();
				return call.hang();
			});
			try (ServerHold claim = ServerHold.ofStatement(url, UPDATE, at("sending", "amid-the-claim"));
					ServerHold claimed = ServerHold.ofCommit(url, UPDATE, at("sending", "amid-the-claim-that-lands"));
					ServerHold mark = ServerHold.ofStatement(url, UPDATE, at("sent", "amid-the-mark"));
					ServerHold marked = ServerHold.ofCommit(url, UPDATE, at("sent", "amid-the-mark-that-lands"))) {
				try (JavaProcess killed = JavaProcess.start(SenderProcess.class, url, api.url(), "1000",
						"before-the-write", "before-the-mark")) {
					killed.await("^started");
					send(second, "before-the-write");
					killed.await("^before-the-write");
					send(second, "before-the-mark");
					killed.await("^before-the-mark");
					send(second, "before-the-answer", "before-it-is-processed", "amid-the-claim",
							"amid-the-claim-that-lands", "amid-the-mark", "amid-the-mark-that-lands");
					List.of(claim, claimed, mark, marked).forEach(ServerHold::awaitHeld);
					await().atMost(TestOutbox.TIMEOUT)
						.until(() -> api.creates("before-it-is-processed") + api.creates("before-the-answer") == 2
								&& simulator.messages()
									.stream()
									.anyMatch(MessageMatcher.body("before-the-answer")::matches));
					second.start();
					third.start();
					send(second, "queued-behind-them");
					second.awaitState("queued-behind-them", OutboxState.SENT);
					killed.kill();
				}
				// PostgreSQL hears nothing of the death, and ends what it has begun; or
				// it does.
				List.of(claimed, marked).forEach(ServerHold::release);
				List.of(claim, mark).forEach(ServerHold::abort);
				expected.forEach((key, end) -> {
					await(key).atMost(TestOutbox.TIMEOUT).until(() -> end.startsWith(journal.of(key) + ","));
					long messages = simulator.messages().stream().filter(MessageMatcher.body(key)::matches).count();
					String row = journal.of(key) + ", messages: " + messages;
					System.out.printf("KILLED %-30s %s%n", key, row);
					assertThat(row).as(key).isEqualTo(end);
					assertThat(second.entry(key).attempts()).as(key).isEqualTo(1);
					assertThat(api.creates(key)).as(key).isLessThanOrEqualTo(1);
				});
				await().atMost(TestOutbox.TIMEOUT).until(() -> second.rows("twilio_outbox_tasks where picked") == 0);
			}
		}
	}

	@Test
	void killedInTheInstructionAfterTheCommitAndAmidABatchNothingIsLost() throws Exception {
		String url = TestPostgres.database();
		try (TwilioSimulator simulator = TestOutbox.simulator();
				ScriptedApi api = new ScriptedApi(simulator);
				TestOutbox second = survivor(url, api).withSchema("postgresql").start();
				TestOutbox third = survivor(url, api).start();
				ServerHold insert = ServerHold.ofStatement(url, "insert on twilio_outbox",
						"new.message_key = 'entry-700'")) {
			Journal journal = new Journal(second);
			try (JavaProcess killed = JavaProcess.start(SenderProcess.class, url, api.url(), "1000",
					"after-the-commit")) {
				insert.awaitHeld();
				killed.tell("Commit, and die.");
				assertThat(killed.awaitEnd()).isEqualTo(137);
			}
			insert.release();
			third.awaitState("committed", OutboxState.SENT);
			await().atMost(TestOutbox.TIMEOUT).until(() -> second.rows("twilio_outbox_tasks"), (tasks) -> tasks == 500);
			assertThat(second.rows("twilio_outbox where message_key like 'entry-%'")).isEqualTo(500);
			assertThat(second.outbox.sendAll(SenderProcess.batch())).isEqualTo(500);
			assertThat(second.rows("twilio_outbox_tasks")).isEqualTo(1000);
			System.out.printf("KILLED %-30s %s, messages: %d%n", "after-the-commit", journal.of("committed"),
					simulator.messages().size());
			System.out.printf("KILLED %-30s 500 of 1000 are there, and the other 500 once it's repeated%n",
					"amid-a-batch");
			assertThat(journal.of("committed")).isEqualTo("waiting → sending → sent");
			assertThat(simulator.messages()).hasSize(1);
		}
	}

	@Test
	void whoeverFindsADeathOutSecondLeavesAloneWhatTheFirstSendsByThen() throws Exception {
		String url = TestPostgres.database();
		CountDownLatch answer = new CountDownLatch(1);
		try (TwilioSimulator simulator = TestOutbox.simulator();
				ScriptedApi api = new ScriptedApi(simulator);
				TestOutbox first = survivor(url, api).withSchema("postgresql");
				TestOutbox second = survivor(url, api);
				ServerHold hold = ServerHold.ofStatement(url, "update on twilio_outbox_tasks",
						"old.picked_by = 'dead' and old.consecutive_failures = 1")) {
			Journal journal = new Journal(first);
			api.script("taken-over", (call) -> {
				answer.await();
				return call.pass();
			});
			send(first, "held-up", "taken-over");
			// The second finds both, and comes no further than to the one that is held.
			die(first, "held-up", 1, 60);
			die(first, "taken-over", 2, 50);
			second.start();
			hold.awaitHeld();
			die(first, "taken-over", 2, 70);
			first.start();
			first.awaitState("taken-over", OutboxState.SENDING);
			hold.release();
			second.awaitState("held-up", OutboxState.SENT);
			answer.countDown();
			first.awaitState("taken-over", OutboxState.SENT);
			assertThat(journal.of("taken-over")).isEqualTo("waiting → sending → sent");
			assertThat(journal.of("held-up")).isEqualTo("waiting → sending → sent");
		}
	}

	// As an instance leaves it that has picked an entry, and dies before it claims it.
	private static void die(TestOutbox test, String key, int mark, int seconds) {
		assertThat(test.database.sql("""
				update twilio_outbox_tasks set picked = true, picked_by = 'dead', consecutive_failures = :mark,
				 last_heartbeat = current_timestamp - make_interval(secs => :seconds)
				 where task_instance = (select id from twilio_outbox where message_key = :key)""")
			.param("mark", mark)
			.param("seconds", seconds)
			.param("key", key)
			.update()).isEqualTo(1);
	}

	private static String at(String state, String key) {
		return "new.state = '" + state + "' and new.message_key = '" + key + "'";
	}

	private static void send(TestOutbox writer, String... keys) {
		for (String key : keys) {
			writer.outbox.send(key, to("+15558675310").body(key));
		}
	}

	private static TestOutbox survivor(String url, ScriptedApi api) {
		return TestOutbox.of(url, TestOutbox.template(api.url()),
				(builder) -> builder.heartbeat(Duration.ofSeconds(1)).unresolvedAfter(Duration.ofSeconds(4)));
	}

}

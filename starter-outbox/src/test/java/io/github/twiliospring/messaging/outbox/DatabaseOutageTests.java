package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.TcpProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpMethod;
import org.springframework.transaction.TransactionException;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * PostgreSQL that goes and comes back while two instances have an entry at each point of
 * its way, and connections that are cut in the middle of a statement or of a commit.
 * Prints what becomes of each.
 */
class DatabaseOutageTests {

	private static final String UPDATE = "update on twilio_outbox";

	private final String url = TestPostgres.database();

	private TwilioSimulator simulator;

	private ScriptedApi api;

	private TcpProxy proxy;

	// Has a connection of its own, and doesn't send unless it's started.
	private TestOutbox bystander;

	private Journal journal;

	@BeforeEach
	void start() throws Exception {
		this.simulator = TestOutbox.simulator();
		this.api = new ScriptedApi(this.simulator);
		this.proxy = new TcpProxy(TestPostgres.port());
		this.bystander = instance(this.url, (template) -> template).withSchema("postgresql");
		this.journal = new Journal(this.bystander);
	}

	@AfterEach
	void stop() throws Exception {
		this.proxy.restore();
		this.api.close();
		this.bystander.close();
		this.proxy.close();
		this.simulator.close();
	}

	@Test
	void aDatabaseThatGoesAndComesBackAtAnyPointLosesNothing() throws Exception {
		Map<String, String> expected = new LinkedHashMap<>();
		String sent = "waiting → sending → sent";
		expected.put("before-the-claim", sent);
		expected.put("amid-the-claim", sent);
		expected.put("amid-the-claim-that-lands", "waiting → sending → waiting → sending → sent");
		expected.put("before-the-write", sent);
		expected.put("before-the-answer", sent);
		expected.put("before-the-mark", sent);
		expected.put("amid-the-mark", sent);
		expected.put("amid-the-mark-that-lands", sent);
		Gates gates = new Gates("before-the-write", "before-the-mark");
		Sinks.Empty<Void> answer = Sinks.empty();
		this.api.script("before-the-answer", (call) -> {
			String text = call.answerOf(call.process());
			answer.asMono().block();
			call.write(text);
			return true;
		});
		try (ServerHold claim = ServerHold.ofStatement(this.url, UPDATE, at("sending", "amid-the-claim"));
				ServerHold claimed = ServerHold.ofCommit(this.url, UPDATE, at("sending", "amid-the-claim-that-lands"));
				ServerHold mark = ServerHold.ofStatement(this.url, UPDATE, at("sent", "amid-the-mark"));
				ServerHold marked = ServerHold.ofCommit(this.url, UPDATE, at("sent", "amid-the-mark-that-lands"));
				TestOutbox first = instance(this.proxy.through(this.url), gates::in, 4).start();
				TestOutbox second = instance(this.proxy.through(this.url), gates::in, 4).start()) {
			// It's waited for longer than a thread waits for a connection.
			first.dataSource.getHikariConfigMXBean().setConnectionTimeout(300);
			second.dataSource.getHikariConfigMXBean().setConnectionTimeout(300);
			send("before-the-write");
			gates.await("before-the-write");
			send("before-the-mark");
			gates.await("before-the-mark");
			send("before-the-answer", "amid-the-claim", "amid-the-claim-that-lands", "amid-the-mark",
					"amid-the-mark-that-lands");
			List<ServerHold> holds = List.of(claim, claimed, mark, marked);
			holds.forEach(ServerHold::awaitHeld);
			await().atMost(TestOutbox.TIMEOUT).until(() -> this.api.creates("before-the-answer") == 1);
			assertThat(this.bystander.database
				.sql("select count(distinct picked_by) from twilio_outbox_tasks where picked")
				.query(Integer.class)
				.single()).as("instances that have entries").isEqualTo(2);
			this.proxy.refuse();
			send("before-the-claim");
			List.of(claimed, marked).forEach(ServerHold::release);
			List.of(claim, mark).forEach(ServerHold::abort);
			answer.tryEmitEmpty();
			gates.open();
			await().atMost(TestOutbox.TIMEOUT)
				.until(() -> this.journal.of("amid-the-claim-that-lands").equals("waiting → sending")
						&& this.api.creates("before-the-write") == 1);
			int refused = this.proxy.refused();
			await().atMost(TestOutbox.TIMEOUT).until(() -> this.proxy.refused() > refused + 1);
			this.proxy.restore();
			expected.forEach((key, states) -> {
				OutboxEntry end = this.bystander.awaitState(key, OutboxState.SENT);
				System.out.printf("DATABASE GONE %-30s %s, messages: %d%n", key, this.journal.of(key), messages(key));
				assertThat(messages(key)).as(key).isEqualTo(1);
				assertThat(this.api.creates(key)).as(key).isEqualTo(1);
				// In between, where it took as long as four heartbeats.
				assertThat(this.journal.of(key).replace(" → unknown", "")).as(key).isEqualTo(states);
				assertThat(end.attempts()).as(key).isEqualTo(1);
			});
		}
	}

	@Test
	void aClaimWhoseCommitComesAfterItsConnectionWasCutIsHandedBack() throws Exception {
		try (ServerHold claimed = ServerHold.ofCommit(this.url, UPDATE, at("sending", "late"));
				TestOutbox instance = instance(this.proxy.through(this.url), (template) -> template).start()) {
			instance.outbox.send("late", to("+15558675310").body("late"));
			claimed.awaitHeld();
			this.proxy.cut();
			// It waits for the commit, or gave up.
			await().atMost(TestOutbox.TIMEOUT)
				.until(() -> this.bystander.hasRowLock()
						|| this.bystander.rows("twilio_outbox_tasks where picked") == 0);
			claimed.release();
			this.bystander.awaitState("late", OutboxState.SENT);
			System.out.printf("CUT %-40s %s, messages: %d%n", "in the claim's commit, which lands",
					this.journal.of("late"), messages("late"));
			assertThat(this.journal.of("late")).isEqualTo("waiting → sending → waiting → sending → sent");
			assertThat(messages("late")).isEqualTo(1);
		}
	}

	@Test
	void aClaimThatWasCutAndTakenForDeadIsStillHandedBack() throws Exception {
		try (ServerHold claimed = ServerHold.ofCommit(this.url, UPDATE, at("sending", "taken"));
				TestOutbox instance = instance(this.proxy.through(this.url), (template) -> template).start()) {
			instance.outbox.send("taken", to("+15558675310").body("taken"));
			claimed.awaitHeld();
			this.proxy.refuse();
			claimed.release();
			this.bystander.awaitState("taken", OutboxState.SENDING);
			this.bystander.database.sql("update twilio_outbox set state = 'unknown', version = version + 1").update();
			this.proxy.restore();
			this.bystander.awaitState("taken", OutboxState.SENT);
			System.out.printf("CUT %-40s %s, messages: %d%n", "in the claim's commit, and taken for dead",
					this.journal.of("taken"), messages("taken"));
			assertThat(this.journal.of("taken")).isEqualTo("waiting → sending → unknown → waiting → sending → sent");
			assertThat(messages("taken")).isEqualTo(1);
		}
	}

	@Test
	void anInstanceThatOnlyLostSightOfTheDatabaseStillMarksWhatOthersTookForDead() throws Exception {
		Gates gates = new Gates("before-the-write");
		try (TestOutbox frozen = instance(this.proxy.through(this.url), gates::in).start();
				TestOutbox other = instance(this.url, (template) -> template)) {
			send("frozen");
			gates.await("before-the-write");
			this.proxy.freeze();
			this.bystander.start();
			other.start();
			this.bystander.awaitState("frozen", OutboxState.UNKNOWN);
			gates.open();
			await().atMost(TestOutbox.TIMEOUT).until(() -> messages("frozen") == 1);
			this.proxy.restore();
			OutboxEntry sent = other.awaitState("frozen", OutboxState.SENT);
			System.out.printf("FROZEN %-37s %s, messages: %d%n", "for one of three", this.journal.of("frozen"),
					messages("frozen"));
			assertThat(this.journal.of("frozen")).isEqualTo("waiting → sending → unknown → sent");
			assertThat(sent.attempts()).isEqualTo(1);
			assertThat(frozen.entry("frozen").messageSid()).isEqualTo(this.simulator.messages().get(0).sid());
		}
	}

	@Test
	void aCallerWhoseConnectionIsCutInTheCommitAsksAgainAndGetsOneMessage() throws Exception {
		for (boolean lands : new boolean[] { true, false }) {
			String key = lands ? "landed" : "cut-off";
			String condition = "new.message_key = '" + key + "'";
			try (ServerHold insert = lands ? ServerHold.ofCommit(this.url, "insert on twilio_outbox", condition)
					: ServerHold.ofStatement(this.url, "insert on twilio_outbox", condition);
					TestOutbox instance = instance(this.proxy.through(this.url), (template) -> template).start()) {
				Thread cutter = new Thread(() -> {
					insert.awaitHeld();
					this.proxy.cut();
				});
				cutter.start();
				assertThat(catchThrowable(() -> instance.transaction
					.executeWithoutResult((status) -> instance.outbox.send(key, to("+15558675310").body(key)))))
					.isInstanceOfAny(DataAccessException.class, TransactionException.class);
				cutter.join();
				insert.release();
				// The pool's other connections were cut, too.
				await().atMost(TestOutbox.TIMEOUT)
					.ignoreExceptions()
					.until(() -> instance.outbox.send(key, to("+15558675310").body(key)).key(), key::equals);
				instance.awaitState(key, OutboxState.SENT);
				System.out.printf("CUT %-40s %s, messages: %d%n", "in an insert, " + key, this.journal.of(key),
						messages(key));
				assertThat(this.journal.of(key)).isEqualTo("waiting → sending → sent");
				assertThat(messages(key)).isEqualTo(1);
			}
		}
	}

	@Test
	void aBatchThatIsCutOffIsThereInWholePortionsAndTheRestOnceItsRepeated() throws Exception {
		try (ServerHold insert = ServerHold.ofStatement(this.url, "insert on twilio_outbox",
				"new.message_key = 'entry-700'");
				TestOutbox instance = instance(this.proxy.through(this.url), (template) -> template).start()) {
			Thread cutter = new Thread(() -> {
				insert.awaitHeld();
				this.proxy.cut();
			});
			cutter.start();
			assertThat(catchThrowable(() -> instance.outbox.sendAll(SenderProcess.batch())))
				.isInstanceOfAny(DataAccessException.class, TransactionException.class);
			cutter.join();
			insert.release();
			assertThat(this.bystander.rows("twilio_outbox")).isEqualTo(500);
			assertThat(this.bystander.rows("twilio_outbox_tasks")).isEqualTo(500);
			// The pool's other connections were cut, too.
			await().atMost(TestOutbox.TIMEOUT)
				.ignoreExceptions()
				.until(() -> instance.outbox.sendAll(SenderProcess.batch()), (inserted) -> inserted == 500);
			assertThat(this.bystander.rows("twilio_outbox_tasks")).isEqualTo(1000);
		}
	}

	private static String at(String state, String key) {
		return "new.state = '" + state + "' and new.message_key = '" + key + "'";
	}

	private void send(String... keys) {
		for (String key : keys) {
			this.bystander.outbox.send(key, to("+15558675310").body(key));
		}
	}

	private long messages(String key) {
		return this.simulator.messages().stream().filter(MessageMatcher.body(key)::matches).count();
	}

	private TestOutbox instance(String jdbcUrl, UnaryOperator<MessagingTemplateBuilder> change) {
		return instance(jdbcUrl, change, 16);
	}

	private TestOutbox instance(String jdbcUrl, UnaryOperator<MessagingTemplateBuilder> change, int inFlight) {
		return TestOutbox.of(jdbcUrl,
				change.apply(TestOutbox.template(this.api.url()).deadline(Duration.ofSeconds(30))),
				(builder) -> builder.inFlight(inFlight)
					.heartbeat(Duration.ofSeconds(1))
					.unresolvedAfter(Duration.ofSeconds(60)));
	}

	/**
	 * Where the first creates of an instance stand still, each at its point.
	 */
	private static final class Gates {

		private final Queue<String> points;

		private final Queue<String> reached = new ConcurrentLinkedQueue<>();

		private final Sinks.Empty<Void> opened = Sinks.empty();

		Gates(String... points) {
			this.points = new ConcurrentLinkedQueue<>(List.of(points));
		}

		MessagingTemplateBuilder in(MessagingTemplateBuilder template) {
			return template.filter((request, next) -> {
				String point = (request.method() == HttpMethod.POST) ? this.points.poll() : null;
				if ("before-the-write".equals(point)) {
					return standstill(point).then(Mono.defer(() -> next.exchange(request)));
				}
				return "before-the-mark".equals(point)
						? next.exchange(request).flatMap((answer) -> standstill(point).thenReturn(answer))
						: next.exchange(request);
			});
		}

		private Mono<Void> standstill(String point) {
			this.reached.add(point);
			return this.opened.asMono();
		}

		void await(String point) {
			org.awaitility.Awaitility.await().atMost(TestOutbox.TIMEOUT).until(() -> this.reached.contains(point));
		}

		void open() {
			this.opened.tryEmitEmpty();
		}

	}

}

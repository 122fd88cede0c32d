package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.JavaProcess;
import io.github.twiliospring.messaging.testsupport.TcpProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What {@link MariaDbKilledProcessTests} doesn't have of the crash matrix: MariaDB is
 * amid a statement of an instance that dies, or that loses its connections. Prints what
 * becomes of each entry.
 */
class MariaDbCrashMatrixTests {

	private final String url = TestDatabase.MARIADB.create();

	private TwilioSimulator simulator;

	private ScriptedApi api;

	// Has a connection of its own, and doesn't send unless it's started.
	private TestOutbox bystander;

	private Journal journal;

	private RowHold claim;

	private RowHold claimed;

	private RowHold mark;

	private RowHold marked;

	@BeforeEach
	void start() throws Exception {
		this.simulator = TestOutbox.simulator();
		this.api = new ScriptedApi(this.simulator);
		this.bystander = instance(this.url).withSchema("mariadb");
		this.journal = new Journal(this.bystander);
		this.claim = new RowHold(this.url);
		this.claimed = new RowHold(this.url);
		this.mark = new RowHold(this.url);
		this.marked = new RowHold(this.url);
	}

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable each : List.of(this.claim, this.claimed, this.mark, this.marked, this.api, this.bystander,
				this.simulator)) {
			each.close();
		}
	}

	@Test
	void whatBecomesOfAnEntryAmidAStatementOfAProcessThatIsKilled() throws Exception {
		writeAndLock();
		try (JavaProcess killed = JavaProcess.start(SenderProcess.class, this.url, this.api.url(), "500")) {
			awaitHeld();
			killed.kill();
		}
		this.bystander.start();
		end();
		Map<String, String> expected = new LinkedHashMap<>();
		expected.put("amid-the-claim", "waiting → sending → sent, messages: 1");
		expected.put("amid-the-claim-that-lands", "waiting → sending → unknown → unresolved, messages: 0");
		expected.put("amid-the-mark", "waiting → sending → unknown → sent, messages: 1");
		expected.put("amid-the-mark-that-lands", "waiting → sending → sent, messages: 1");
		expected.forEach((key, end) -> assertThat(ended("KILLED", key, end)).as(key).isEqualTo(end));
	}

	@Test
	void aDatabaseThatIsGoneForAWhileAmidAStatementLosesNothing() throws Exception {
		writeAndLock();
		try (TcpProxy proxy = new TcpProxy(TestMariaDb.port());
				TestOutbox instance = instance(proxy.through(this.url))) {
			// It's waited for longer than a thread waits for a connection.
			instance.dataSource.getHikariConfigMXBean().setConnectionTimeout(300);
			instance.start();
			awaitHeld();
			proxy.refuse();
			send("before-the-claim");
			end();
			int refused = proxy.refused();
			await().atMost(TestOutbox.TIMEOUT).until(() -> proxy.refused() > refused + 1);
			proxy.restore();
			Map<String, String> expected = new LinkedHashMap<>();
			expected.put("before-the-claim", "waiting → sending → sent, messages: 1");
			expected.put("amid-the-claim", "waiting → sending → sent, messages: 1");
			expected.put("amid-the-claim-that-lands", "waiting → sending → waiting → sending → sent, messages: 1");
			expected.put("amid-the-mark", "waiting → sending → sent, messages: 1");
			expected.put("amid-the-mark-that-lands", "waiting → sending → sent, messages: 1");
			// In between, where it took as long as four heartbeats.
			expected
				.forEach((key, end) -> assertThat(ended("DATABASE GONE", key, end).replace(" → unknown", "")).as(key)
					.isEqualTo(end));
		}
	}

	// Two rows are locked before they're claimed, two before they're marked.
	private void writeAndLock() {
		send("amid-the-claim", "amid-the-claim-that-lands", "amid-the-mark", "amid-the-mark-that-lands");
		this.claim.lock("amid-the-claim");
		this.claimed.lock("amid-the-claim-that-lands");
		this.api.script("amid-the-mark", (call) -> {
			this.mark.lock("amid-the-mark");
			return call.pass();
		});
		this.api.script("amid-the-mark-that-lands", (call) -> {
			this.marked.lock("amid-the-mark-that-lands");
			return call.pass();
		});
	}

	private void awaitHeld() {
		List.of(this.claim, this.claimed, this.mark, this.marked).forEach(RowHold::awaitHeld);
	}

	// MariaDB hears nothing of who is gone, and ends what it has begun; or it does.
	private void end() throws Exception {
		this.claimed.release();
		this.marked.release();
		this.claim.abort();
		this.mark.abort();
	}

	private String ended(String what, String key, String end) {
		await(key).atMost(TestOutbox.TIMEOUT)
			.until(() -> end.startsWith(this.journal.of(key).replace(" → unknown → sent", " → sent") + ",")
					|| end.startsWith(this.journal.of(key) + ","));
		String row = this.journal.of(key) + ", messages: "
				+ this.simulator.messages().stream().filter(MessageMatcher.body(key)::matches).count();
		System.out.printf("MARIADB, %s %-30s %s%n", what, key, row);
		assertThat(this.bystander.entry(key).attempts()).as(key).isEqualTo(1);
		assertThat(this.api.creates(key)).as(key).isLessThanOrEqualTo(1);
		return row;
	}

	private void send(String... keys) {
		for (String key : keys) {
			this.bystander.outbox.send(key, to("+15558675310").body(key));
		}
	}

	private TestOutbox instance(String jdbcUrl) {
		return TestOutbox.of(jdbcUrl, TestOutbox.template(this.api.url()).deadline(Duration.ofSeconds(20)),
				(builder) -> builder.heartbeat(Duration.ofMillis(500)).unresolvedAfter(Duration.ofSeconds(4)));
	}

}

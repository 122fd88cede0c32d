package io.github.twiliospring.messaging.outbox;

import java.nio.file.Path;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the log says of databases that are set to forget.
 */
@ExtendWith(OutputCaptureExtension.class)
class DurabilityCheckTests {

	private static final String LINE = "The outbox's database tells of a commit before it's on the disk";

	@TempDir
	Path folder;

	@Test
	void anH2ThatWritesLaterIsSaidOnce(CapturedOutput output) {
		run("jdbc:h2:file:" + this.folder.resolve("later"), "h2", ";WRITE_DELAY=300");
		await().atMost(TestOutbox.TIMEOUT)
			.untilAsserted(() -> assertThat(output).containsOnlyOnce(LINE).contains("WRITE_DELAY isn't 0, but 300"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "2" })
	void aMariaDbThatFlushesLaterIsSaidOnce(String value, CapturedOutput output) {
		String url = TestDatabase.MARIADB.create();
		JdbcClient server = JdbcClient.create(new DriverManagerDataSource(url));
		String before = server.sql("select @@global.innodb_flush_log_at_trx_commit").query(String.class).single();
		server.sql("set global innodb_flush_log_at_trx_commit = " + value).update();
		try {
			run(url, "mariadb", "");
		}
		finally {
			server.sql("set global innodb_flush_log_at_trx_commit = " + before).update();
		}
		assertThat(output).containsOnlyOnce(LINE).contains("innodb_flush_log_at_trx_commit isn't 1, but " + value);
	}

	@Test
	void aMariaDbThatFlushesAtOnceIsntSaid(CapturedOutput output) {
		String url = TestDatabase.MARIADB.create();
		JdbcClient server = JdbcClient.create(new DriverManagerDataSource(url));
		String before = server.sql("select @@global.innodb_flush_log_at_trx_commit").query(String.class).single();
		server.sql("set global innodb_flush_log_at_trx_commit = 3").update();
		try {
			run(url, "mariadb", "");
		}
		finally {
			server.sql("set global innodb_flush_log_at_trx_commit = " + before).update();
		}
		assertThat(output).doesNotContain(LINE);
	}

	@ParameterizedTest
	@EnumSource(names = { "H2", "POSTGRESQL" })
	void othersArentSaid(TestDatabase database, CapturedOutput output) {
		run(database.create(), database.platform(), "");
		run("jdbc:h2:file:" + this.folder.resolve("at-once"), "h2", "");
		assertThat(output).doesNotContain(LINE);
	}

	// The tables are there before, with what their file sets. What is sent was claimed by
	// a relay that began after the first look.
	private static void run(String url, String platform, String option) {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox tables = test(url, simulator).withSchema(platform);
				TestOutbox test = test(url + option, simulator)) {
			tables.outbox.stop();
			test.start();
			test.outbox.send("first", to("+15558675310").body("First"));
			test.awaitState("first", OutboxState.SENT);
			test.outbox.stop();
		}
	}

	private static TestOutbox test(String url, TwilioSimulator simulator) {
		return TestOutbox.of(url, TestOutbox.template(simulator.baseUrl().toString()), (builder) -> builder);
	}

}

package io.github.twiliospring.messaging.outbox;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What MariaDB does in ways of its own: times without a zone, snapshots, and its own
 * character sets.
 */
class MariaDbTests {

	private static final Instant LATER = Instant.parse("2100-03-28T01:30:00.123Z");

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private TestOutbox test;

	private void open(String parameters) {
		this.test = TestOutbox
			.of(TestDatabase.MARIADB.create() + parameters, TestOutbox.template(this.simulator.baseUrl().toString()),
					(builder) -> builder)
			.withSchema("mariadb");
	}

	@AfterEach
	void close() {
		if (this.test != null) {
			this.test.close();
		}
		this.simulator.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "&timezone=-08:00", "&timezone=disable", "&timezone=auto&useServerPrepStmts" })
	void timesAreInUtcWhateverTheTimeZoneOfTheSession(String parameters) {
		open(parameters);
		this.test.outbox.sendAt("key", to("+15558675310").body("\ud83d\ude00 \u4f60\u597d"), LATER);
		for (String column : List.of("send_at from twilio_outbox", "execution_time from twilio_outbox_tasks")) {
			assertThat(this.test.database.sql("select cast(" + column.replace(" from", " as char) from"))
				.query(String.class)
				.single()).as(column).startsWith("2100-03-28 01:30:00.123");
		}
		assertThat(this.test.entry("key").sendAt()).isEqualTo(LATER);
		this.test.start();
		assertThat(this.test.outbox.reschedule("key", Instant.now())).isTrue();
		this.test.awaitState("key", OutboxState.SENT);
		assertThat(this.simulator.messages()).singleElement()
			.satisfies((message) -> assertThat(message.body()).isEqualTo("\ud83d\ude00 \u4f60\u597d"));
	}

	@Test
	void aTransactionFindsTheEntryThatWasCommittedAfterItsFirstLook() {
		open("");
		this.test.transaction.executeWithoutResult((status) -> {
			assertThat(this.test.outbox.find("key")).isEmpty();
			CompletableFuture.runAsync(() -> send("key", "First")).join();
			assertThat(this.test.outbox.find("key")).as("as it sees things").isEmpty();
			assertThat(send("key", "First").key()).isEqualTo("key");
			assertThatExceptionOfType(OutboxKeyConflictException.class).isThrownBy(() -> send("key", "Second"));
			send("other", "Other");
		});
		assertThat(this.test.rows("twilio_outbox_tasks")).isEqualTo(2);
	}

	@Test
	void strictSnapshotsFailAsATransactionThatCanBeRepeated() {
		open("&sessionVariables=innodb_snapshot_isolation=on");
		TransactionTemplate transaction = this.test.transaction;
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
				assertThat(this.test.outbox.find("key")).isEmpty();
				CompletableFuture.runAsync(() -> send("key", "First")).join();
				send("key", "First");
			}));
		transaction.executeWithoutResult((status) -> send("key", "First"));
		assertThat(this.test.rows("twilio_outbox_tasks")).isEqualTo(1);
	}

	private OutboxEntry send(String key, String body) {
		return this.test.outbox.sendAt(key, to("+15558675310").body(body), LATER);
	}

}

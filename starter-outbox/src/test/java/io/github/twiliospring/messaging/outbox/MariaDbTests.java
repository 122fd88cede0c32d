package io.github.twiliospring.messaging.outbox;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.simulator.SimulatedMessage;
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

	@ParameterizedTest
	@ValueSource(strings = { "&sessionVariables=sql_mode='ANSI,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
			"&sessionVariables=sql_mode='ORACLE,EMPTY_STRING_IS_NULL'", "&sessionVariables=sql_mode=MSSQL",
			"&sessionVariables=sql_mode=''", "&connectionCollation=utf8mb4_unicode_ci", "&useAffectedRows=true",
			"&useBulkStmtsForInserts=false", "&useBulkStmts=true", "&useServerPrepStmts=true&tinyInt1isBit=false",
			"&allowMultiQueries=true", "&emptyStringIsNull=true&transformedBitIsBoolean=false" })
	void nothingDiffersByWhatASessionOrItsDriverIsSetTo(String parameters) {
		open(parameters);
		String body = "It's \\'quoted\\' \"\\\\\" -- /* \ud83d\ude00 ? :x ";
		List<String> keys = List.of("key", "Key", "key ", "k\u00e9y", "it's \\' \"?", "\ud83d\ude00".repeat(48));
		keys.forEach((key) -> send(key, body + key));
		keys.forEach((key) -> send(key, body + key));
		assertThatExceptionOfType(OutboxKeyConflictException.class).isThrownBy(() -> send("key ", body + "key"));
		assertThat(this.test.outbox.sendAll(keys.stream()
			.map((key) -> OutboxRequest.of("all " + key, to("+15558675310").body(body + key)).at(LATER)))).isEqualTo(6);
		assertThat(this.test.outbox.sendAll(Stream.of("all Key", "new")
			.map((key) -> OutboxRequest.of(key, to("+15558675310").body(body + "Key")).at(LATER)))).isEqualTo(1);
		assertThat(this.test.rows("twilio_outbox_tasks")).isEqualTo(13);
		this.test.start();
		assertThat(this.test.outbox.reschedule("key ", LATER)).isTrue();
		keys.forEach((key) -> assertThat(this.test.outbox.reschedule(key, Instant.now())).isTrue());
		keys.forEach((key) -> this.test.awaitState(key, OutboxState.SENT));
		assertThat(this.test.outbox.cancel("all key ")).isTrue();
		assertThat(this.test.outbox.cancel("all key ")).isFalse();
		assertThat(this.simulator.messages()).extracting(SimulatedMessage::body)
			.containsExactlyInAnyOrderElementsOf(keys.stream().map((key) -> body + key).toList());
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

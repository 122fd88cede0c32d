package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * The reactive transactions of callers, of every kind, on a pool with one connection: an
 * entry is part of one, or is refused, and it never comes without its wake-up.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReactiveTransactionsTests extends ReactiveFixture {

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void aReadOnlyTransactionIsRefusedAndGoesOn(TestDatabase database) {
		open(database);
		assertThat(transaction(TransactionDefinition.PROPAGATION_REQUIRED, true)
			.transactional(send("key").map(OutboxEntry::key).onErrorResume((ex) -> {
				assertThat(ex).isInstanceOf(IllegalStateException.class).hasMessageContaining("read-only");
				return one(this.connections);
			}))
			.block(TIMEOUT)).isEqualTo("1");
		assertThatKeysAre();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void aTransactionOfAnotherManagerIsRefusedAndGoesOn(TestDatabase database) {
		open(database);
		ConnectionFactory other = ConnectionFactories.get(TestDatabase.reactive(database.create()));
		assertThat(TransactionalOperator.create(new R2dbcTransactionManager(other))
			.transactional(send("key").map(OutboxEntry::key).onErrorResume((ex) -> {
				assertThat(ex).isInstanceOf(IllegalStateException.class).hasMessageContaining("another transaction");
				return one(other);
			}))
			.block(TIMEOUT)).isEqualTo("1");
		assertThatKeysAre();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void aManagerOfAnotherConnectionFactoryIsRefused(TestDatabase database) {
		String url = database.create();
		this.connections = pool(url, 1);
		ReactiveTransactionManager other = new R2dbcTransactionManager(
				ConnectionFactories.get(TestDatabase.reactive(url)));
		open(database, url, other);
		for (Mono<?> call : List.of(send("key"), TransactionalOperator.create(other).transactional(send("key")),
				this.outbox.cancel("key"))) {
			assertThatIllegalStateException().isThrownBy(() -> call.block(TIMEOUT))
				.withMessageContaining("another ConnectionFactory");
		}
		assertThatKeysAre();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void whatIsRolledBackToASavepointIsntThere(TestDatabase database) {
		open(database);
		TransactionalOperator nested = transaction(TransactionDefinition.PROPAGATION_NESTED, false);
		transaction().transactional(send("before")
			.then(nested.transactional(send("within").then(Mono.error(new IllegalArgumentException("on purpose"))))
				.onErrorResume(IllegalArgumentException.class, (ex) -> Mono.empty()))
			.then(nested.transactional(send("another")))
			.then(send("after"))).block(TIMEOUT);
		assertThatKeysAre("before", "another", "after");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void withoutATransactionEveryKindOfScopeWritesBothRowsOrNone(TestDatabase database) {
		open(database);
		transaction(TransactionDefinition.PROPAGATION_SUPPORTS, false).transactional(send("supports")).block(TIMEOUT);
		transaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED, false).transactional(send("none")).block(TIMEOUT);
		this.test.database.sql("alter table twilio_outbox_tasks rename to away").update();
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> send("key").block(TIMEOUT))
			.withMessageContaining("schema-*.sql");
		this.test.database.sql("alter table away rename to twilio_outbox_tasks").update();
		assertThatKeysAre("supports", "none");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void oneKeyFromManySubscribersIsOneEntry(TestDatabase database) {
		open(database, 8);
		assertThat(Flux.range(0, 32).flatMap((number) -> send("key"), 32).collectList().block(TIMEOUT)).hasSize(32)
			.extracting(OutboxEntry::key)
			.containsOnly("key");
		assertThatKeysAre("key");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void whereOneOfManyConflictsThePortionIsRolledBack(TestDatabase database) {
		open(database);
		send("key-7").block(TIMEOUT);
		Flux<OutboxRequest> requests = Flux.range(0, 10)
			.map((number) -> OutboxRequest.of("key-" + number, to("+15558675310").body("Another")).at(LATER));
		assertThatExceptionOfType(OutboxKeyConflictException.class)
			.isThrownBy(() -> this.outbox.sendAll(requests).block(TIMEOUT));
		assertThatKeysAre("key-7");
		Flux<OutboxRequest> twice = Flux.just("a", "b", "a", "key-7")
			.map((key) -> OutboxRequest.of(key, to("+15558675310").body("Message " + key)).at(LATER));
		assertThat(this.outbox.sendAll(twice).block(TIMEOUT)).isEqualTo(2);
		assertThatKeysAre("a", "b", "key-7");
	}

	@Test
	void aFailureAfterTheSubscriberHasGoneIsALineInTheLog(CapturedOutput output) {
		String url = TestDatabase.H2.create();
		Sinks.Empty<Void> end = Sinks.empty();
		ConnectionFactory real = ConnectionFactories.get(TestDatabase.reactive(url));
		this.connections = pool(url, 1);
		open(TestDatabase.H2, url, new R2dbcTransactionManager(this.connections));
		this.connections.dispose();
		this.connections = pool(new ConnectionFactory() {

			@Override
			public Publisher<? extends Connection> create() {
				return end.asMono().then(Mono.error(new R2dbcNonTransientResourceException("gone for good")));
			}

			@Override
			public ConnectionFactoryMetadata getMetadata() {
				return real.getMetadata();
			}

		}, 1);
		this.test.close();
		open(TestDatabase.H2, url, new R2dbcTransactionManager(this.connections));
		assertThat(
				send("key").map(OutboxEntry::key).timeout(Duration.ofMillis(50), Mono.just("given up")).block(TIMEOUT))
			.isEqualTo("given up");
		end.tryEmitEmpty();
		await().atMost(TIMEOUT).until(() -> output.getAll().contains("after its caller had given it up: "));
		assertThat(output).doesNotContain("onErrorDropped").doesNotContain("gone for good");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void aSubscriberWhoCancelsLeavesBothRowsOrNoneAndAPoolThatWorks(TestDatabase database) {
		open(database);
		long seed = Long.getLong("seed", System.nanoTime());
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		for (int i = 0; i < 300; i++) {
			Mono<?> call = (i % 2 == 0) ? send("alone-" + i) : this.outbox.sendAll(Flux.just("all-a-" + i, "all-b-" + i)
				.map((key) -> OutboxRequest.of(key, to("+15558675310").body("Hello")).at(LATER)));
			call.timeout(Duration.ofNanos(random.nextInt(3_000_000))).onErrorComplete().block(TIMEOUT);
		}
		await().atMost(TIMEOUT).until(() -> this.connections.getMetrics().orElseThrow().acquiredSize() == 0);
		send("last").block(TIMEOUT);
		assertThat(this.test.rows("twilio_outbox where id not in (select task_instance from twilio_outbox_tasks)"))
			.isZero();
		assertThat(this.test.rows("twilio_outbox_tasks")).isEqualTo(this.test.rows("twilio_outbox"));
		assertThat(this.test.rows("twilio_outbox where message_key like 'all-a-%'"))
			.isEqualTo(this.test.rows("twilio_outbox where message_key like 'all-b-%'"));
	}

}

package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.LedgerKey;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger.RedisLedgerSettings;
import io.github.twiliospring.messaging.webhook.ledger.StatusMark;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisLedgerContractTests extends CallbackLedgerContract {

	// One that runs out would let a claim that's left behind go unnoticed.
	private static final RedisLedgerSettings SETTINGS = new RedisLedgerSettings("contract:", Duration.ofMinutes(1),
			Duration.ofDays(1), Duration.ofHours(1), LONGEST_WAIT);

	private RedisServer server;

	private RedisInstance one;

	private RedisInstance other;

	@BeforeAll
	void start() throws IOException {
		this.server = RedisServer.start();
		this.one = new RedisInstance(this.server, SETTINGS);
		this.other = new RedisInstance(this.server, SETTINGS);
		// The first command may take longer than Redis is waited for.
		StatusMark sent = new StatusMark("sent", 3, false);
		for (CallbackLedger instance : instances()) {
			Awaitility.await()
				.atMost(TIMEOUT)
				.until(() -> instance.handleOnce(newKey(), sent, Mono.empty()).onErrorComplete().block() != null);
		}
	}

	@AfterAll
	void stop() {
		if (this.server != null) {
			this.one.close();
			this.other.close();
			this.server.close();
		}
	}

	@Override
	List<CallbackLedger> instances() {
		return List.of(this.one.ledger(), this.other.ledger());
	}

	@Test
	void asksLittleOfRedisWhileDuplicatesWaitAndNothingAfterwards() {
		LedgerKey key = newKey();
		StatusMark sent = new StatusMark("sent", 3, false);
		Sinks.Empty<Void> end = Sinks.empty();
		hang(key, sent, end);
		long before = this.server.commands();
		Flux.range(0, 200)
			.flatMap((i) -> instances().get(i % 2).handleOnce(key, sent, Mono.empty()).onErrorComplete(), 200)
			.blockLast(TIMEOUT);
		// Of two instances, one polls; each poll is a script of several commands. If all
		// did, it would be ten thousand.
		long during = this.server.commands() - before;
		assertThat(during).isLessThan(1000);
		assertThat(commandsInASecond()).isLessThan(10);
		end.tryEmitEmpty();
	}

	@Test
	void asksNothingOfRedisOnceNobodyWaits() {
		LedgerKey key = newKey();
		StatusMark sent = new StatusMark("sent", 3, false);
		Sinks.Empty<Void> end = Sinks.empty();
		hang(key, sent, end);
		RedisLedgerSettings patient = new RedisLedgerSettings("contract:", Duration.ofMinutes(1), Duration.ofDays(1),
				Duration.ofHours(1), TIMEOUT);
		try (RedisInstance third = new RedisInstance(this.server, patient)) {
			Disposable waiter = third.ledger().handleOnce(key, sent, Mono.empty()).subscribe();
			long before = this.server.commands();
			Awaitility.await().atMost(TIMEOUT).until(() -> this.server.commands() - before > 40);
			waiter.dispose();
			// The one poll that may be under way, or waited for.
			Awaitility.await().atMost(TIMEOUT).until(() -> commandsInASecond() < 10);
		}
		end.tryEmitEmpty();
	}

	private long commandsInASecond() {
		long before = this.server.commands();
		return Mono.delay(Duration.ofSeconds(1)).map((tick) -> this.server.commands() - before).block(TIMEOUT);
	}

}

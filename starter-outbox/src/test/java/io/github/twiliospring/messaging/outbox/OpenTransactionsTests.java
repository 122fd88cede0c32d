package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A caller's transaction that stays open holds up nobody who wants other entries.
 */
class OpenTransactionsTests {

	private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

	private static final List<String> OTHERS = List.of("a", "bb", "e", "nobody", "z");

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private TestOutbox caller;

	private TestOutbox others;

	private void open(TestDatabase database) {
		String url = database.create();
		this.caller = instance(url).withSchema(database.platform());
		this.others = instance(url);
	}

	private TestOutbox instance(String url) {
		return TestOutbox.of(url,
				TestOutbox.template(this.simulator.baseUrl().toString()).deadline(Duration.ofSeconds(20)),
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

	// Less than a database waits for a lock.
	private static void meanwhile(Runnable work) {
		CompletableFuture.runAsync(work).orTimeout(20, TimeUnit.SECONDS).join();
	}

	private static void sendAt(TestOutbox writer, String key, Instant when) {
		writer.outbox.sendAt(key, to("+15558675310").body(key), when);
	}

}

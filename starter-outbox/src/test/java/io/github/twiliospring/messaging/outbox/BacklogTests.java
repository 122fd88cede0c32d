package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where more is due than can be sent, what was due first goes first, however long it
 * waits.
 */
class BacklogTests {

	private static final String CUSTOMER = "+15558675310";

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private TestOutbox test;

	@AfterEach
	void stop() {
		this.test.close();
		this.simulator.close();
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void whatWaitsForLongKeepsItsPlace(TestDatabase database) {
		this.simulator.inject(Fault.delay(Duration.ofMillis(60)).on("POST"));
		// Looks after what should have been woken 1.2 seconds ago.
		create(database, (builder) -> builder.inFlight(1).pollInterval(Duration.ofMillis(20)));
		write("first", 60, Instant.EPOCH);
		this.test.start();
		await().atMost(TestOutbox.TIMEOUT).until(() -> bodies().size() >= 10);
		write("second", 20, Instant.EPOCH);
		await().atMost(TestOutbox.TIMEOUT).until(() -> bodies().size() == 80);
		assertThat(bodies().subList(0, 60)).allMatch((body) -> body.startsWith("first"));
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aJumpOfTheClockSendsAllThatItMakesDue(TestDatabase database) {
		create(database, (builder) -> builder.clock(this.simulator.clock()).pollInterval(Duration.ofSeconds(1)));
		write("due", 1, Instant.EPOCH);
		write("tomorrow", 600, this.simulator.clock().instant().plus(Duration.ofDays(1)));
		this.test.start();
		this.test.outbox.awaitEnded("due-0", TestOutbox.TIMEOUT);
		this.simulator.clock().advance(Duration.ofDays(1));
		// Sooner than it looks again.
		await().atMost(Duration.ofSeconds(45)).until(() -> bodies().size() == 601);
	}

	private void create(TestDatabase database, UnaryOperator<JdbcMessagingOutboxBuilder> change) {
		this.test = TestOutbox
			.of(database.create(), TestOutbox.template(this.simulator.baseUrl().toString()),
					(builder) -> change.apply(builder.heartbeat(Duration.ofSeconds(5))))
			.withSchema(database.platform());
	}

	private void write(String name, int entries, Instant when) {
		this.test.outbox.sendAll(IntStream.range(0, entries)
			.mapToObj((number) -> OutboxRequest.of(name + "-" + number, to(CUSTOMER).body(name + "-" + number))
				.at(when)));
	}

	private List<String> bodies() {
		return this.simulator.messages().stream().map(SimulatedMessage::body).toList();
	}

}

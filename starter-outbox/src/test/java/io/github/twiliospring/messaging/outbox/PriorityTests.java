package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.List;
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
 * Of several due entries, those of high priority go first, and never take all slots.
 */
class PriorityTests {

	private static final int IN_FLIGHT = 4;

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private TestOutbox test;

	@AfterEach
	void stop() {
		this.test.close();
		this.simulator.close();
	}

	@ParameterizedTest
	@EnumSource
	void aCodeDoesntWaitBehindACampaign(TestDatabase database) {
		create(database);
		write("campaign", 60, OutboxPriority.NORMAL);
		this.test.start();
		await().atMost(TestOutbox.TIMEOUT).until(() -> bodies().size() > IN_FLIGHT);
		write("code", 1, OutboxPriority.HIGH);
		int before = bodies().size();
		this.test.awaitState("code-0", OutboxState.SENT);
		assertThat(bodies().indexOf("code-0")).as("messages before the code, of which there were " + before)
			.isLessThan(before + 4 * IN_FLIGHT);
	}

	@ParameterizedTest
	@EnumSource
	void codesLeaveAQuarterOfTheSlotsToACampaign(TestDatabase database) {
		create(database);
		write("code", 60, OutboxPriority.HIGH);
		write("campaign", 60, OutboxPriority.NORMAL);
		this.test.start();
		await().atMost(TestOutbox.TIMEOUT).until(() -> bodies().size() >= 40);
		List<String> first = bodies().subList(0, 40);
		assertThat(first.stream().filter((body) -> body.startsWith("campaign"))).as("of the campaign, of the first 40")
			.hasSizeBetween(5, 25);
	}

	// Of a poll in a minute nobody hears: whoever frees a slot has to see to it.
	@ParameterizedTest
	@EnumSource
	void codesAloneKeepTheirSlotsBusy(TestDatabase database) {
		create(database, Duration.ofMinutes(1));
		write("code", 60, OutboxPriority.HIGH);
		this.test.start();
		await().atMost(Duration.ofSeconds(30)).until(() -> bodies().size() == 60);
	}

	private void create(TestDatabase database) {
		create(database, TestOutbox.POLL_INTERVAL);
	}

	private void create(TestDatabase database, Duration pollInterval) {
		this.simulator.inject(Fault.delay(Duration.ofMillis(100)).on("POST"));
		this.test = TestOutbox
			.of(database.create(), TestOutbox.template(this.simulator.baseUrl().toString()),
					(builder) -> builder.inFlight(IN_FLIGHT).pollInterval(pollInterval))
			.withSchema(database.platform());
	}

	private void write(String name, int entries, OutboxPriority priority) {
		this.test.outbox.sendAll(IntStream.range(0, entries)
			.mapToObj((number) -> OutboxRequest.of(name + "-" + number, to("+15558675310").body(name + "-" + number))
				.priority(priority)));
	}

	private List<String> bodies() {
		return this.simulator.messages().stream().map(SimulatedMessage::body).toList();
	}

}

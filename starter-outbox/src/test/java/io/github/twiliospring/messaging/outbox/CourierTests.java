package io.github.twiliospring.messaging.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.Test;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an instance does with an entry that comes to it while it stops.
 */
class CourierTests {

	@Test
	void aStoppingInstanceHandsOnAtOnceWhatADeadOneWasSending() {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = TestOutbox
					.of(TestDatabase.H2.create(), TestOutbox.template(simulator.baseUrl().toString()),
							(builder) -> builder)
					.withSchema("h2")) {
			Instant now = Instant.now();
			test.outbox.sendAt("waits", to("+15558675310").body("Waits"), now.plus(Duration.ofHours(1)));
			test.outbox.sendAt("claimed", to("+15558675310").body("Claimed"), now.plus(Duration.ofHours(1)));
			test.database.sql("update twilio_outbox set state = 'sending' where message_key = 'claimed'").update();
			assertThat(handOn(test, "claimed")).isBefore(now.plus(Duration.ofMinutes(1)));
			assertThat(handOn(test, "waits")).isAfter(now.plus(Duration.ofMinutes(59)));
			assertThat(test.entry("claimed").state()).isEqualTo(OutboxState.SENDING);
		}
	}

	private static Instant handOn(TestOutbox test, String key) {
		String id = test.database.sql("select id from twilio_outbox where message_key = ?")
			.param(key)
			.query(String.class)
			.single();
		OutboxClock clock = new OutboxClock(Clock.systemUTC(), Clock.systemUTC());
		return new Courier(new OutboxTable(test.dataSource), null, null, null, null, null, clock).step(id, () -> true);
	}

}

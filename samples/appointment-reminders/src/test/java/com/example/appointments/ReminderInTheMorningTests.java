package com.example.appointments;

import java.time.Duration;
import java.time.LocalDateTime;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.TwilioSimulatorProperties.Clock;
import org.junit.jupiter.api.RepeatedTest;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static io.github.twiliospring.messaging.simulator.MessageMatcher.sentTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Time stands still but for the test, which so sees what happens a minute before, and on
 * the minute. The simulator is reset before each test.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "appointments.tour.enabled=false")
@EnableTwilioSimulator(clock = Clock.MANUAL)
class ReminderInTheMorningTests {

	private static final String PHONE = "+15558675310";

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	ReminderService reminders;

	@Autowired
	Practice practice;

	@RepeatedTest(2)
	void goesOutOnTheMinuteAndNotBefore() {
		assertThat(this.simulator.messages()).isEmpty();
		// On the night of a change of clocks, it's not eight hours later by the clock.
		LocalDateTime remindAt = this.practice.zoned(this.practice.now()).plusHours(8).toLocalDateTime();
		this.reminders.remindLater(new AppointmentRequest("Ada", PHONE, remindAt.plusHours(1), remindAt)).block();
		this.simulator.clock().advance(Duration.ofHours(8).minusMinutes(1));
		assertThat(this.simulator.messages()).isEmpty();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitMessage(sentTo(PHONE));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitCallback(sentTo(PHONE), MessageStatus.DELIVERED);
	}

}

package com.example.appointments;

import java.time.LocalDateTime;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.StatusAssertions;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is answered to whoever filled in something wrong. Nothing is sent or stored then.
 */
@AppointmentsTest
class BadInputTests {

	private static final String PHONE = "+15558675310";

	@Autowired
	WebTestClient client;

	@Autowired
	AppointmentRepository appointments;

	@Autowired
	ReminderService reminders;

	@Autowired
	Practice practice;

	@Autowired
	TwilioSimulator simulator;

	@BeforeEach
	void forgetAppointments() {
		this.reminders.waiting().concatMap((row) -> this.reminders.cancel(row.reference())).blockLast();
		this.appointments.deleteAll().block();
	}

	@AfterEach
	void nothingWasSentOrStored() {
		assertThat(this.simulator.messages()).isEmpty();
		assertThat(this.appointments.findAll().collectList().block()).isEmpty();
	}

	@Test
	void everyFieldIsNamedAtOnce() {
		refused("remind-now", new AppointmentRequest(" ", "555-1234", now().minusMinutes(1), null))
			.jsonPath("$.errors.name")
			.isEqualTo("Please give a name.")
			.jsonPath("$.errors.phone")
			.isEqualTo("Please give a number with + and country code, as in +15558675310.")
			.jsonPath("$.errors.startsAt")
			.isEqualTo("The appointment must be in the future.")
			.jsonPath("$.errors.length()")
			.isEqualTo(3);
	}

	@Test
	void nothingAtAll() {
		refused("remind-later", new AppointmentRequest(null, null, null, null)).jsonPath("$.errors.name")
			.isNotEmpty()
			.jsonPath("$.errors.phone")
			.isNotEmpty()
			.jsonPath("$.errors.startsAt")
			.isEqualTo("Please say when the appointment is.")
			.jsonPath("$.errors.remindAt")
			.isEqualTo("Please say when to remind.");
	}

	@Test
	void aNameThatIsTooLong() {
		refused("remind-now", new AppointmentRequest("A".repeat(101), PHONE, now().plusDays(2), null))
			.jsonPath("$.errors.name")
			.isEqualTo("A name has at most 100 characters.");
	}

	@Test
	void aReminderInThePast() {
		refused("remind-later", new AppointmentRequest("Ben", PHONE, now().plusDays(30), now().minusMinutes(1)))
			.jsonPath("$.errors.remindAt")
			.isEqualTo("The reminder must lie in the future.");
	}

	@Test
	void aReminderAfterTheAppointment() {
		refused("remind-later", new AppointmentRequest("Ben", PHONE, now().plusDays(1), now().plusDays(2)))
			.jsonPath("$.errors.remindAt")
			.isEqualTo("The reminder must go out before the appointment.");
	}

	@Test
	void aTimeThatIsNone() {
		refused("remind-now", "{\"name\":\"Ada\",\"phone\":\"" + PHONE + "\",\"startsAt\":\"tomorrow\"}")
			.jsonPath("$.errors.startsAt")
			.isEqualTo("This can't be read. A time looks like 2030-03-04T09:00.");
	}

	@Test
	void noJsonAtAll() {
		refused("remind-now", "name=Ada").jsonPath("$.detail").isEqualTo("Please look at what was filled in.");
	}

	private LocalDateTime now() {
		return this.practice.now();
	}

	private BodyContentSpec refused(String action, Object request) {
		return post(action, request).isBadRequest().expectBody();
	}

	private StatusAssertions post(String action, Object request) {
		return this.client.post()
			.uri("/api/appointments/{action}", action)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(request)
			.exchange()
			.expectStatus();
	}

}

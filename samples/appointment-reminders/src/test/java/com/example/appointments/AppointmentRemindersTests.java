package com.example.appointments;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application as a user meets it: over HTTP, with the simulator behind it.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "tour.enabled=false",
		"spring.r2dbc.url=r2dbc:h2:mem:///tests;DB_CLOSE_DELAY=-1", "twilio.simulator.clock=manual" })
class AppointmentRemindersTests {

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	AppointmentRepository appointments;

	@LocalServerPort
	int port;

	private WebTestClient client;

	@BeforeEach
	void start() {
		this.client = WebTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
	}

	@Test
	void sendsAReminderAndShowsThatItWasDelivered() {
		Appointment sent = remind("+15558675301", null);
		assertThat(sent.messageSid()).startsWith("SM");
		this.simulator.clock().advance(Duration.ofMinutes(1));
		awaitStatus(sent, "delivered");
		assertThat(this.simulator.awaitMessage(MessageMatcher.to("+15558675301")).body()).startsWith("Ada, see you on");
	}

	@Test
	void schedulesAReminderAndCancelsIt() {
		Appointment scheduled = remind("+15558675302", now().plus(Duration.ofHours(2)));
		assertThat(scheduled.messageStatus()).isEqualTo("scheduled");
		this.client.post().uri("/api/appointments/{id}/cancel", scheduled.id()).exchange().expectStatus().isOk();
		awaitStatus(scheduled, "canceled");
	}

	@Test
	void schedulesAReminderThatGoesOutInItsTime() {
		Appointment scheduled = remind("+15558675303", now().plus(Duration.ofHours(2)));
		this.simulator.clock().advance(Duration.ofHours(3));
		awaitStatus(scheduled, "delivered");
	}

	@Test
	void showsWhyAReminderWasNotDelivered() {
		this.simulator.fail(MessageMatcher.to("+15558675304"), 30003);
		Appointment sent = remind("+15558675304", null);
		this.simulator.clock().advance(Duration.ofMinutes(1));
		awaitStatus(sent, "undelivered");
		assertThat(this.appointments.findById(sent.id()).block().errorCode()).isEqualTo(30003);
	}

	@Test
	void saysWhichFieldIsWrongAndKeepsNoAppointment() {
		long before = this.appointments.count().block();
		post(Map.of("customer", "", "phone", "")).expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.customer")
			.exists()
			.jsonPath("$.phone")
			.exists()
			.jsonPath("$.startsAt")
			.exists();
		post(Map.of("customer", "Ada", "phone", "555", "startsAt", now().toString(), "reminderAt",
				now().minusSeconds(60).toString()))
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.phone")
			.exists()
			.jsonPath("$.reminderAt")
			.exists();
		assertThat(this.appointments.count().block()).isEqualTo(before);
	}

	@Test
	void showsThePage() {
		this.client.get()
			.uri("/")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((page) -> assertThat(page).contains("Appointment reminders").contains("page.js"));
	}

	private Instant now() {
		return this.simulator.clock().instant();
	}

	private Appointment remind(String phone, Instant reminderAt) {
		Map<String, String> form = (reminderAt != null)
				? Map.of("customer", "Ada", "phone", phone, "startsAt", now().plusSeconds(90000).toString(),
						"reminderAt", reminderAt.toString())
				: Map.of("customer", "Ada", "phone", phone, "startsAt", now().plusSeconds(90000).toString());
		return post(form).expectStatus().isCreated().expectBody(Appointment.class).returnResult().getResponseBody();
	}

	private WebTestClient.ResponseSpec post(Map<String, String> form) {
		return this.client.post().uri("/api/appointments").bodyValue(form).exchange();
	}

	private void awaitStatus(Appointment appointment, String status) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.appointments.findById(appointment.id()).block().messageStatus(), status::equals);
	}

}

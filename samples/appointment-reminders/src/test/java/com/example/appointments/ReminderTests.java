package com.example.appointments;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Objects;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.StatusAssertions;
import org.springframework.test.web.reactive.server.WebTestClient;

import static io.github.twiliospring.messaging.simulator.MessageMatcher.sid;
import static io.github.twiliospring.messaging.simulator.MessageMatcher.sentTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of reminders, from the page's API to the row and back.
 */
@AppointmentsTest
class ReminderTests {

	private static final String PHONE = "+15558675310";

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Autowired
	WebTestClient client;

	@Autowired
	AppointmentRepository appointments;

	@Autowired
	Practice practice;

	@Autowired
	TwilioSimulator simulator;

	@BeforeEach
	void forgetAppointments() {
		this.appointments.deleteAll().block();
	}

	@Test
	void aReminderSentNowIsDelivered() {
		AppointmentView ada = remindNow("Ada");
		awaitReport(ada, MessageStatus.DELIVERED);
		assertThat(row(ada).messageStatus()).isEqualTo("delivered");
		assertThat(row(ada).errorCode()).isNull();
		assertThat(listed(ada).phone()).isEqualTo("…5310");
		assertThat(steps(ada)).extracting(Step::status).containsExactly("accepted", "queued", "sent", "delivered");
	}

	@Test
	void aReminderSaysWhenTheAppointmentIs() {
		remindNow("Ada");
		SimulatedMessage message = this.simulator.awaitMessage(sentTo(PHONE));
		assertThat(message.body()).isEqualTo(
				"Hello Ada, this is a reminder of your appointment on " + this.practice.inWords(inTwoDays()) + ".");
		assertThat(message.messagingServiceSid()).isEqualTo("MG0123456789abcdef0123456789abcdef");
	}

	@Test
	void aScheduledReminderIsCanceled() {
		AppointmentView ben = remindTomorrow("Ben");
		assertThat(row(ben).messageStatus()).isEqualTo("scheduled");
		cancel(ben).isEqualTo(HttpStatus.ACCEPTED).expectBody();
		awaitReport(ben, MessageStatus.CANCELED);
		assertThat(row(ben).messageStatus()).isEqualTo("canceled");
		assertThat(steps(ben)).extracting(Step::status).containsExactly("scheduled", "canceled");
		assertThat(this.simulator.messages()).extracting(SimulatedMessage::status).containsOnly(MessageStatus.CANCELED);
	}

	@Test
	void aScheduledReminderIsDeliveredWhenItsTimeHasCome() {
		AppointmentView ben = remindTomorrow("Ben");
		LocalDateTime remindAt = Objects.requireNonNull(ben.remindAt());
		this.simulator.clock().advanceTo(this.practice.zoned(remindAt).toInstant());
		awaitReport(ben, MessageStatus.DELIVERED);
		assertThat(row(ben).messageStatus()).isEqualTo("delivered");
		assertThat(this.practice.now()).isAfterOrEqualTo(remindAt);
		assertThat(steps(ben)).extracting(Step::status).containsExactly("scheduled", "queued", "sent", "delivered");
		assertThat(steps(ben).get(3).notedAt()).isAfterOrEqualTo(remindAt);
	}

	@Test
	void aReminderToAPhoneOutOfReachIsUndelivered() {
		this.simulator.fail(sentTo(PHONE), 30003);
		AppointmentView ada = remindNow("Ada");
		awaitReport(ada, MessageStatus.UNDELIVERED);
		assertThat(row(ada).messageStatus()).isEqualTo("undelivered");
		assertThat(row(ada).errorCode()).isEqualTo(30003);
		assertThat(row(ada).followUp()).isEqualTo("Phone out of reach: call later.");
		Step last = steps(ada).get(3);
		assertThat(last.status()).isEqualTo("undelivered");
		assertThat(last.errorCode()).isEqualTo(30003);
		assertThat(last.errorMessage()).isEqualTo("Unreachable destination handset");
	}

	@Test
	void aReminderThatCannotBeSentFails() {
		this.simulator.failSending(sentTo(PHONE), 30003);
		AppointmentView ada = remindNow("Ada");
		awaitReport(ada, MessageStatus.FAILED);
		assertThat(row(ada).messageStatus()).isEqualTo("failed");
		assertThat(row(ada).errorCode()).isEqualTo(30003);
		assertThat(steps(ada)).extracting(Step::status).containsExactly("accepted", "queued", "failed");
	}

	@Test
	void aReminderThatIsUnderWayCannotBeCanceled() {
		AppointmentView ada = remindNow("Ada");
		awaitReport(ada, MessageStatus.DELIVERED);
		cancel(ada).isEqualTo(HttpStatus.CONFLICT).expectBody();
		assertThat(row(ada).messageStatus()).isEqualTo("delivered");
	}

	@Test
	void anUnknownAppointmentCannotBeCanceled() {
		this.client.delete()
			.uri("/api/appointments/{reference}/reminder", "appointment-0")
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody();
	}

	@Test
	void aReminderWhoseAnswerIsLostIsSentOnceAndFoundByItsReport() {
		this.simulator.inject(Fault.resetAfter().on("POST").times(1));
		AppointmentView ada = remindNow("Ada");
		assertThat(ada.messageStatus()).isNull();
		SimulatedMessage message = this.simulator.awaitMessage(sentTo(PHONE));
		this.simulator.awaitCallback(sentTo(PHONE), MessageStatus.DELIVERED, PATIENCE);
		assertThat(this.simulator.messages()).hasSize(1);
		assertThat(row(ada).messageSid()).isEqualTo(message.sid());
		assertThat(row(ada).messageStatus()).isEqualTo("delivered");
		assertThat(steps(ada)).extracting(Step::status).containsExactly(null, "queued", "sent", "delivered");
	}

	@Test
	void anAppointmentWhoseReminderIsRefusedIsNotStored() {
		this.simulator.inject(Fault.status(403).on("POST").times(1));
		post("remind-now", request("Ada", null)).expectStatus()
			.isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT)
			.expectBody();
		assertThat(this.appointments.findAll().collectList().block()).isEmpty();
	}

	@Test
	void aReportThatALaterOneOvertookStandsInItsPlaceAndTurnsNothingBack() {
		this.simulator.inject(Fault.reorderCallbacks().times(1));
		AppointmentView ada = remindNow("Ada");
		awaitReport(ada, MessageStatus.DELIVERED);
		assertThat(steps(ada)).extracting(Step::status).containsExactly("accepted", "queued", "sent", "delivered");
		assertThat(row(ada).messageStatus()).isEqualTo("delivered");
	}

	@Test
	void aForgedReportChangesNothing() {
		AppointmentView ben = remindTomorrow("Ben");
		this.client.post()
			.uri((uri) -> uri.path("/twilio/status").queryParam("message-reference", ben.reference()).build())
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.header("X-Twilio-Signature", "Zm9yZ2VkIGJ5IHNvbWVvbmUgZWxzZQ==")
			.bodyValue("MessageSid=" + row(ben).messageSid() + "&MessageStatus=delivered&AccountSid="
					+ this.simulator.accountSid())
			.exchange()
			.expectStatus()
			.isForbidden()
			.expectBody();
		assertThat(row(ben).messageStatus()).isEqualTo("scheduled");
	}

	@Test
	void changesArriveWhileThePageIsOpen() {
		Flux<String> events = this.client.get()
			.uri("/api/appointments/changes")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
			.returnResult(String.class)
			.getResponseBody();
		AppointmentView ada = remindNow("Ada");
		assertThat(events.any((event) -> event.contains(ada.reference()) && event.contains("\"status\":\"delivered\""))
			.block(PATIENCE)).isTrue();
	}

	@Test
	void thePageIsServedWithItsPartsAndNothingFromElsewhere() {
		for (String part : List.of("/", "/page.js", "/calendar.js", "/timeline.js", "/form.js", "/call.js", "/words.js",
				"/style.css", "/icon.svg")) {
			String text = this.client.get()
				.uri(part)
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody(String.class)
				.returnResult()
				.getResponseBody();
			assertThat(text).doesNotContain("innerHTML")
				.doesNotContainPattern("(src|href|import|from|url)\\W{1,3}https?:");
		}
	}

	@Test
	void thePageKnowsTheTimeAndTheLocalApi() {
		this.client.get()
			.uri("/api/practice")
			.exchange()
			.expectBody()
			.jsonPath("$.zone")
			.isEqualTo(this.practice.zone().getId())
			.jsonPath("$.now")
			.isNotEmpty()
			.jsonPath("$.localApi")
			.isEqualTo(this.simulator.baseUrl().toString());
	}

	private AppointmentView remindNow(String name) {
		return created("remind-now", request(name, null));
	}

	private AppointmentView remindTomorrow(String name) {
		return created("remind-later", request(name, inTwoDays().minusDays(1)));
	}

	private LocalDateTime inTwoDays() {
		return this.practice.now().toLocalDate().plusDays(2).atTime(9, 0);
	}

	private AppointmentRequest request(String name, LocalDateTime remindAt) {
		return new AppointmentRequest(name, PHONE, inTwoDays(), remindAt);
	}

	private AppointmentView created(String action, AppointmentRequest request) {
		return post(action, request).expectStatus()
			.isCreated()
			.expectBody(AppointmentView.class)
			.returnResult()
			.getResponseBody();
	}

	private WebTestClient.ResponseSpec post(String action, AppointmentRequest request) {
		return this.client.post().uri("/api/appointments/{action}", action).bodyValue(request).exchange();
	}

	private StatusAssertions cancel(AppointmentView appointment) {
		return this.client.delete()
			.uri("/api/appointments/{reference}/reminder", appointment.reference())
			.exchange()
			.expectStatus();
	}

	private void awaitReport(AppointmentView appointment, MessageStatus status) {
		this.simulator.awaitCallback(sid(row(appointment).messageSid()), status, PATIENCE);
	}

	private List<Step> steps(AppointmentView appointment) {
		// Reports may overtake each other, so the last one isn't all.
		this.simulator.awaitIdle(PATIENCE);
		return listed(appointment).steps();
	}

	private Appointment row(AppointmentView appointment) {
		return this.appointments.findByReference(appointment.reference()).block();
	}

	private AppointmentView listed(AppointmentView appointment) {
		return this.client.get()
			.uri("/api/appointments")
			.exchange()
			.expectStatus()
			.isOk()
			.returnResult(AppointmentView.class)
			.getResponseBody()
			.filter((each) -> each.reference().equals(appointment.reference()))
			.blockFirst(PATIENCE);
	}

}

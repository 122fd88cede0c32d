package com.example.appointments;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxState;
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
	ReminderService reminders;

	@Autowired
	MessagingOutbox outbox;

	@Autowired
	Practice practice;

	@Autowired
	TwilioSimulator simulator;

	// The same for the whole of a test, at midnight, too.
	private LocalDateTime inTwoDays;

	@BeforeEach
	void forgetAppointments() {
		this.inTwoDays = this.practice.now().toLocalDate().plusDays(2).atTime(9, 0);
		this.reminders.waiting().concatMap((row) -> this.reminders.cancel(row.reference())).blockLast();
		this.appointments.deleteAll().block();
	}

	@Test
	void aReminderSentNowIsDelivered() {
		AppointmentView ada = remindNow("Ada");
		awaitReport(MessageStatus.DELIVERED);
		assertThat(row(ada).messageStatus()).isEqualTo("delivered");
		assertThat(row(ada).errorCode()).isNull();
		assertThat(listed(ada).phone()).isEqualTo("…5310");
		assertThat(steps(ada)).extracting(Step::status).containsExactly("waiting", "queued", "sent", "delivered");
	}

	@Test
	void aReminderSaysWhenTheAppointmentIs() {
		remindNow("Ada");
		SimulatedMessage message = this.simulator.awaitMessage(sentTo(PHONE));
		assertThat(message.body()).isEqualTo(
				"Hello Ada, this is a reminder of your appointment on " + this.practice.inWords(this.inTwoDays) + ".");
		assertThat(message.messagingServiceSid()).isEqualTo("MG0123456789abcdef0123456789abcdef");
	}

	@Test
	void aReminderThatWaitsIsCanceledAndNeverSent() {
		AppointmentView ben = remindTomorrow("Ben");
		assertThat(row(ben).messageStatus()).isEqualTo("waiting");
		cancel(ben).isOk().expectBody().jsonPath("$.messageStatus").isEqualTo("canceled");
		this.simulator.clock().advance(Duration.ofDays(2));
		assertThat(this.outbox.awaitEnded(ben.reference()).state()).isEqualTo(OutboxState.CANCELED);
		assertThat(steps(ben)).extracting(Step::status).containsExactly("waiting", "canceled");
		assertThat(this.simulator.messages()).isEmpty();
	}

	@Test
	void aReminderIsMovedAndGoesOutAtTheOtherTime() {
		AppointmentView ben = remindTomorrow("Ben");
		LocalDateTime later = Objects.requireNonNull(ben.remindAt()).plusHours(3);
		move(ben, later).isOk().expectBody().jsonPath("$.messageStatus").isEqualTo("waiting");
		this.simulator.clock().advanceTo(this.practice.zoned(later).toInstant());
		awaitReport(MessageStatus.DELIVERED);
		assertThat(row(ben).remindAt()).isEqualTo(later);
		assertThat(steps(ben)).extracting(Step::status)
			.containsExactly("waiting", "moved", "queued", "sent", "delivered");
		assertThat(steps(ben).get(2).notedAt()).isAfterOrEqualTo(later);
	}

	@Test
	void aReminderIsNotMovedIntoThePastOrBehindItsAppointment() {
		AppointmentView ben = remindTomorrow("Ben");
		for (LocalDateTime time : List.of(this.practice.now().minusMinutes(1), ben.startsAt())) {
			move(ben, time).isBadRequest()
				.expectBody()
				.jsonPath("$.errors.remindAt")
				.isEqualTo("The reminder must go out between now and the appointment.");
		}
		assertThat(steps(ben)).extracting(Step::status).containsExactly("waiting");
	}

	@Test
	void aReminderWaitsForTwoHundredDaysAndIsDeliveredThen() {
		LocalDateTime startsAt = this.inTwoDays.plusDays(200);
		AppointmentView eve = created("remind-later",
				new AppointmentRequest("Eve", PHONE, startsAt, startsAt.minusDays(1)));
		this.simulator.clock().advanceTo(this.practice.zoned(startsAt.minusDays(1)).toInstant());
		awaitReport(MessageStatus.DELIVERED);
		assertThat(row(eve).messageStatus()).isEqualTo("delivered");
		assertThat(steps(eve)).extracting(Step::status).containsExactly("waiting", "queued", "sent", "delivered");
		assertThat(steps(eve)).extracting(Step::notedAt).isSorted();
	}

	@Test
	void aReminderToAPhoneOutOfReachIsUndelivered() {
		this.simulator.fail(sentTo(PHONE), 30003);
		AppointmentView ada = remindNow("Ada");
		awaitReport(MessageStatus.UNDELIVERED);
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
		awaitReport(MessageStatus.FAILED);
		assertThat(row(ada).messageStatus()).isEqualTo("failed");
		assertThat(row(ada).errorCode()).isEqualTo(30003);
		assertThat(steps(ada)).extracting(Step::status).containsExactly("waiting", "queued", "failed");
	}

	@Test
	void aReminderThatIsUnderWayCannotBeCanceled() {
		AppointmentView ada = remindNow("Ada");
		awaitReport(MessageStatus.DELIVERED);
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
		awaitReport(MessageStatus.DELIVERED);
		assertThat(this.outbox.awaitEnded(ada.reference()).state()).isEqualTo(OutboxState.SENT);
		assertThat(this.simulator.messages()).hasSize(1);
		assertThat(row(ada).messageStatus()).isEqualTo("delivered");
		assertThat(steps(ada)).extracting(Step::status).containsExactly("waiting", "queued", "sent", "delivered");
	}

	@Test
	void aReminderThatTheProviderRefusesNeedsAPerson() {
		// The provider's own number for tests, which answers with error 21211.
		AppointmentView ada = created("remind-now",
				new AppointmentRequest("Ada", "+15005550001", this.inTwoDays, null));
		assertThat(this.outbox.awaitEnded(ada.reference()).state()).isEqualTo(OutboxState.REJECTED);
		assertThat(row(ada).messageStatus()).isEqualTo("rejected");
		assertThat(row(ada).followUp()).isEqualTo("Not taken by the provider: call instead.");
		assertThat(steps(ada)).extracting(Step::errorCode).containsExactly(null, 21211);
	}

	@Test
	void aReportThatALaterOneOvertookStandsInItsPlaceAndTurnsNothingBack() {
		this.simulator.inject(Fault.reorderCallbacks().times(1));
		AppointmentView ada = remindNow("Ada");
		awaitReport(MessageStatus.DELIVERED);
		assertThat(steps(ada)).extracting(Step::status).containsExactly("waiting", "queued", "sent", "delivered");
		assertThat(steps(ada)).extracting(Step::notedAt).isSorted();
		assertThat(row(ada).messageStatus()).isEqualTo("delivered");
	}

	@Test
	void aForgedReportChangesNothing() {
		AppointmentView ben = remindTomorrow("Ben");
		this.client.post()
			.uri((uri) -> uri.path("/twilio/status").queryParam("message-reference", ben.reference()).build())
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.header("X-Twilio-Signature", "Zm9yZ2VkIGJ5IHNvbWVvbmUgZWxzZQ==")
			.bodyValue("MessageSid=SM0123456789abcdef0123456789abcdef&MessageStatus=delivered&AccountSid="
					+ this.simulator.accountSid())
			.exchange()
			.expectStatus()
			.isForbidden()
			.expectBody();
		assertThat(row(ben).messageStatus()).isEqualTo("waiting");
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
		return created("remind-later", request(name, this.inTwoDays.minusDays(1)));
	}

	private AppointmentRequest request(String name, LocalDateTime remindAt) {
		return new AppointmentRequest(name, PHONE, this.inTwoDays, remindAt);
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

	private StatusAssertions move(AppointmentView appointment, LocalDateTime remindAt) {
		return this.client.put()
			.uri("/api/appointments/{reference}/reminder", appointment.reference())
			.bodyValue(Map.of("remindAt", remindAt))
			.exchange()
			.expectStatus();
	}

	private void awaitReport(MessageStatus status) {
		this.simulator.awaitCallback(sentTo(PHONE), status, PATIENCE);
	}

	private List<Step> steps(AppointmentView appointment) {
		// Status updates may overtake each other, so the last one isn't all.
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

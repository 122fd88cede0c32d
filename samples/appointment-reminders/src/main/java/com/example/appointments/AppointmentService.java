package com.example.appointments;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.UUID;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.stereotype.Service;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * Makes appointments, sends or schedules their reminders, and keeps track of them.
 */
@Service
public class AppointmentService {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM)
		.withLocale(Locale.UK)
		.withZone(ZoneId.of("UTC"));

	private final AppointmentRepository appointments;

	private final MessagingOperations messaging;

	// The newest state of each appointment that changed, for the pages that are open.
	private final Sinks.Many<Appointment> changes = Sinks.many().multicast().directBestEffort();

	AppointmentService(AppointmentRepository appointments, MessagingOperations messaging) {
		this.appointments = appointments;
		this.messaging = messaging;
	}

	public Flux<Appointment> all() {
		return this.appointments.findAllByOrderByStartsAt();
	}

	public Flux<Appointment> changes() {
		return this.changes.asFlux();
	}

	/**
	 * Makes an appointment and sends or schedules its reminder.
	 * @param reminderAt when the reminder shall go out, {@code null} for at once
	 * @return the appointment with its message; an error if no reminder could be sent,
	 * and then no appointment is made
	 */
	public Mono<Appointment> remind(String customer, String phone, Instant startsAt, @Nullable Instant reminderAt) {
		String reference = "appointment-" + UUID.randomUUID();
		Appointment fresh = this.appointments.fresh(customer, phone, startsAt, reminderAt, reference);
		return this.appointments.save(fresh)
			.flatMap((saved) -> send(saved)
				.onErrorResume((failure) -> this.appointments.delete(saved).then(Mono.error(failure))))
			.flatMap(this::announce);
	}

	public Mono<Appointment> cancel(long id) {
		return this.appointments.findById(id)
			.filter((appointment) -> appointment.messageSid() != null)
			.flatMap((appointment) -> this.messaging.cancel(String.valueOf(appointment.messageSid()))
				.then(this.appointments.findById(id)));
	}

	@StatusCallback
	Mono<Void> track(StatusUpdate update) {
		Integer errorCode = (update.error() != null) ? update.error().code() : null;
		return Mono.justOrEmpty(update.reference())
			.flatMap((reference) -> this.appointments.recordReport(reference, update.rawStatus(), errorCode)
				.then(this.appointments.findByReference(reference)))
			.flatMap(this::announce)
			.then();
	}

	private Mono<Appointment> send(Appointment appointment) {
		OutboundMessageBuilder reminder = to(appointment.phone())
			.body("%s, see you on %s (UTC).".formatted(appointment.customer(), TIME.format(appointment.startsAt())))
			.sendAt(appointment.reminderAt())
			.reference(appointment.reference());
		long id = (appointment.id() != null) ? appointment.id() : 0;
		return this.messaging.send(reminder)
			.flatMap((message) -> this.appointments.recordMessage(id, message.sid(), message.status().value()))
			.then(this.appointments.findById(id));
	}

	private Mono<Appointment> announce(Appointment appointment) {
		// Reports arrive on several threads at once.
		this.changes.emitNext(appointment, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
		return Mono.just(appointment);
	}

}

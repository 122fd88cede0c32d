package com.example.appointments.tour;

import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;

import com.example.appointments.Appointment;
import com.example.appointments.AppointmentFeed;
import com.example.appointments.AppointmentRequest;
import com.example.appointments.Practice;
import com.example.appointments.ReminderService;
import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import reactor.core.Disposable;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Shows what happens to reminders, on the console, once the application has started. It
 * uses the application as its page does, and prints what really happened. It moves the
 * clock and breaks a phone, so there is none without the simulator.
 */
@Component
@ConditionalOnBooleanProperty({ "twilio.simulator.enabled", "appointments.tour.enabled" })
class Tour {

	private static final int OUT_OF_REACH = 30003;

	private final ReminderService reminders;

	private final Practice practice;

	private final SimulatorControl simulator;

	private final Environment environment;

	private final Duration patience;

	// Both replay, so that nothing comes too early to be seen.
	private final Sinks.Many<StatusUpdate> reports = Sinks.many().replay().limit(100);

	private final ConnectableFlux<Appointment> changes;

	private final PrintStream console = System.out;

	Tour(ReminderService reminders, AppointmentFeed feed, Practice practice, SimulatorControl simulator,
			Environment environment, @Value("${appointments.tour.patience:20s}") Duration patience) {
		this.reminders = reminders;
		this.practice = practice;
		this.simulator = simulator;
		this.environment = environment;
		this.patience = patience;
		this.changes = feed.changes().replay(100);
	}

	@StatusCallback
	Mono<Void> hear(StatusUpdate update) {
		return Mono.fromRunnable(
				() -> this.reports.emitNext(update, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1))));
	}

	@EventListener(ApplicationReadyEvent.class)
	void take() {
		Disposable listening = this.changes.connect();
		try {
			print("");
			print("Appointment reminders, a tour. A reminder is promised in the transaction that stores its");
			print("appointment. Each status update below came over HTTP, was signed, verified, and handed");
			print("to methods that are annotated with @StatusCallback.");
			print("");
			showWhatWaits();
			sendNow();
			moveAndCancel();
			promiseAndWait();
			sendOutOfReach();
			promiseFarAhead();
			print("");
			print("Appointments: http://localhost:" + this.environment.getProperty("local.server.port") + "/");
			print("Simulator:    " + this.simulator.address() + "/");
			print("Tour complete.");
		}
		catch (RuntimeException ex) {
			print("Tour incomplete: " + ex.getMessage());
		}
		finally {
			listening.dispose();
		}
	}

	private void sendNow() {
		print("1. A reminder is sent.");
		Appointment ada = remindNow("Ada", "+15558675310");
		awaitReport(ada, MessageStatus.DELIVERED);
	}

	private void showWhatWaits() {
		List<Appointment> waiting = await(this.reminders.waiting().collectList(), () -> "list of what waits");
		if (!waiting.isEmpty()) {
			print("0. What was promised is still there after a restart.");
			waiting.forEach((appointment) -> print(appointment,
					"waits until " + this.practice.inWords(Objects.requireNonNull(appointment.remindAt()))));
		}
	}

	private void moveAndCancel() {
		print("2. A reminder waits, is moved, and canceled.");
		Appointment ben = remindOnTheDayBefore("Ben", "+15558675311");
		LocalDateTime later = onTheDayBefore(ben.startsAt()).plusHours(2);
		await(this.reminders.move(ben.reference(), later), () -> "answer to the move for " + who(ben));
		print(ben, "moved to " + this.practice.inWords(later));
		await(this.reminders.cancel(ben.reference()), () -> "answer to the cancelation for " + who(ben));
		print(ben, "canceled, and is never sent");
	}

	private void promiseAndWait() {
		print("3. A reminder waits, and the clock is moved to its time.");
		Appointment cleo = remindOnTheDayBefore("Cleo", "+15558675312");
		this.simulator.moveClockTo(this.practice.zoned(onTheDayBefore(cleo.startsAt())).toInstant());
		awaitReport(cleo, MessageStatus.DELIVERED);
	}

	private void sendOutOfReach() {
		print("4. A reminder fails, because the phone is out of reach.");
		String phone = "+15558675313";
		this.simulator.failNextMessage(phone, OUT_OF_REACH);
		Appointment dan = remindNow("Dan", phone);
		awaitReport(dan, MessageStatus.UNDELIVERED);
		Appointment row = awaitRow(dan, "error 30003 and a follow-up",
				(change) -> Integer.valueOf(OUT_OF_REACH).equals(change.errorCode()) && change.followUp() != null);
		print(dan, "the handler of failures noted: " + row.followUp());
	}

	private void promiseFarAhead() {
		print("5. A reminder waits for as long as one likes.");
		promise("Eve", "+15558675314", inTwoDays().plusDays(200));
	}

	private Appointment remindNow(String name, String phone) {
		AppointmentRequest request = new AppointmentRequest(name, phone, inTwoDays(), null);
		Appointment appointment = await(this.reminders.remindNow(request), () -> "answer to a send for " + name);
		print(appointment, "promised");
		return appointment;
	}

	private Appointment remindOnTheDayBefore(String name, String phone) {
		return promise(name, phone, inTwoDays());
	}

	private Appointment promise(String name, String phone, LocalDateTime startsAt) {
		LocalDateTime remindAt = onTheDayBefore(startsAt);
		AppointmentRequest request = new AppointmentRequest(name, phone, startsAt, remindAt);
		Appointment appointment = await(this.reminders.remindLater(request), () -> "answer to a promise for " + name);
		print(appointment, "waits until " + this.practice.inWords(remindAt));
		return appointment;
	}

	private LocalDateTime inTwoDays() {
		return this.practice.now().toLocalDate().plusDays(2).atTime(9, 0);
	}

	private static LocalDateTime onTheDayBefore(LocalDateTime appointment) {
		return appointment.minusDays(1).minusHours(1);
	}

	private void awaitReport(Appointment appointment, MessageStatus goal) {
		List<String> seen = new CopyOnWriteArrayList<>();
		StatusUpdate report = await(
				this.reports.asFlux()
					.filter((update) -> appointment.reference().equals(update.reference()))
					.doOnNext((update) -> seen.add(update.rawStatus()))
					.filter((update) -> update.status() == goal)
					.next(),
				() -> "status update to %s for %s, only to %s".formatted(goal.value(), who(appointment), seen));
		// The application's own method had it, too.
		awaitRow(appointment, goal.value(), (change) -> goal.value().equals(change.messageStatus()));
		print(appointment, "reported " + inWords(report));
	}

	private Appointment awaitRow(Appointment appointment, String goal, Predicate<Appointment> reached) {
		return await(this.changes.filter((change) -> change.reference().equals(appointment.reference()))
			.filter(reached)
			.next(), () -> "row with %s for %s".formatted(goal, who(appointment)));
	}

	private <T> T await(Mono<T> awaited, Supplier<String> what) {
		return awaited.timeout(this.patience)
			.onErrorMap(TimeoutException.class,
					(late) -> new IllegalStateException(
							"within %d seconds there was no %s".formatted(this.patience.toSeconds(), what.get())))
			.blockOptional()
			.orElseThrow(() -> new IllegalStateException("there was no " + what.get()));
	}

	private static String inWords(StatusUpdate update) {
		MessageError error = update.error();
		return (error != null) ? "%s with %d (%s)".formatted(update.rawStatus(), error.code(), error.message())
				: update.rawStatus();
	}

	private void print(Appointment appointment, String what) {
		print("   %s: %s".formatted(who(appointment), what));
	}

	private void print(String line) {
		this.console.println(line);
	}

	// Plain characters alone, since not every console shows others.
	private static String who(Appointment appointment) {
		return appointment.name() + " " + Masking.address(appointment.phone()).replace("…", "...");
	}

}

package com.example.appointments.tour;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.example.appointments.Appointment;
import com.example.appointments.AppointmentService;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.SimulatorClock;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Sends, schedules, cancels and fails a reminder through the application itself, and
 * tells what came back. It has to turn the simulator's clock and to break a phone, and so
 * is the one place that knows the simulator; without it there is no tour.
 */
@Component
@ConditionalOnBooleanProperty("twilio.simulator.enabled")
@ConditionalOnBooleanProperty(name = "tour.enabled", matchIfMissing = true)
class ReminderTour {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String ADA = "+15558675310";

	private static final String BEN = "+15558675311";

	private final AppointmentService appointments;

	private final TwilioSimulator simulator;

	private final PrintStream console = System.out;

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile boolean complete;

	ReminderTour(AppointmentService appointments, TwilioSimulator simulator) {
		this.appointments = appointments;
		this.simulator = simulator;
	}

	@EventListener
	void start(ApplicationReadyEvent event) {
		int port = (event.getApplicationContext() instanceof WebServerApplicationContext web
				&& web.getWebServer() != null) ? web.getWebServer().getPort() : 0;
		Mono.fromRunnable(() -> run(port)).subscribeOn(Schedulers.boundedElastic()).subscribe();
	}

	boolean awaitEnd(Duration timeout) throws InterruptedException {
		return this.ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS) && this.complete;
	}

	private void run(int port) {
		try {
			say("");
			say("A tour of appointment reminders, with a simulator in place of Twilio");
			say("");
			send();
			scheduleAndCancel();
			scheduleAndWait();
			fail();
			this.complete = true;
			say("");
			say("Appointments  http://localhost:" + port);
			say("Simulator     " + this.simulator.baseUrl());
			say("");
			say("Tour complete. The application stays up; press Ctrl+C to end it.");
		}
		catch (RuntimeException ex) {
			say("Tour incomplete: " + ex.getMessage());
		}
		finally {
			this.ended.countDown();
		}
	}

	private void send() {
		Appointment sent = step("1. A reminder is sent", "Ada", ADA, null, "delivered", null);
		say("   delivered, says the report for " + shortSid(sent));
	}

	private void scheduleAndCancel() {
		Instant now = this.simulator.clock().instant();
		Mono<Appointment> canceled = report("canceled").cache();
		canceled.subscribe((appointment) -> {
		}, (failure) -> {
		});
		Appointment scheduled = remind("2. A reminder is scheduled for tomorrow", "Ada", ADA,
				now.plus(Duration.ofDays(1)));
		say("   " + scheduled.messageStatus() + ", answers the API");
		long id = (scheduled.id() != null) ? scheduled.id() : 0;
		this.appointments.cancel(id).block(PATIENCE);
		say("   canceled, says the report for " + shortSid(await(canceled, "the report of the cancelation")));
	}

	private void scheduleAndWait() {
		SimulatorClock clock = this.simulator.clock();
		Duration ahead = Duration.ofHours(9);
		Appointment delivered = step("3. A reminder is scheduled, and the clock is moved by nine hours", "Ben", BEN,
				clock.instant().plus(ahead), "delivered", () -> clock.advance(ahead.plusMinutes(1)));
		say("   delivered, says the report for " + shortSid(delivered));
	}

	private void fail() {
		String unreachable = "+15558675399";
		this.simulator.fail(MessageMatcher.to(unreachable), 30003);
		Appointment failed = step("4. A reminder goes to a phone that is switched off", "Cleo", unreachable, null,
				"undelivered", null);
		say("   %s with error %d, saw the handler for %s".formatted(failed.messageStatus(), failed.errorCode(),
				shortSid(failed)));
	}

	private Appointment step(String title, String customer, String phone, @Nullable Instant reminderAt, String status,
			@Nullable Runnable meanwhile) {
		// Subscribed before the message goes out, so that no report can be missed.
		Mono<Appointment> report = report(status).cache();
		report.subscribe((appointment) -> {
		}, (failure) -> {
		});
		Appointment reminded = remind(title, customer, phone, reminderAt);
		say("   " + ((reminded.messageSid() != null) ? "taken" : "not taken") + " by the API as " + shortSid(reminded));
		if (meanwhile != null) {
			meanwhile.run();
		}
		return await(report, "the report '" + status + "'");
	}

	private Appointment remind(String title, String customer, String phone, @Nullable Instant reminderAt) {
		say(title);
		Instant startsAt = this.simulator.clock().instant().plus(Duration.ofDays(2));
		Appointment appointment = this.appointments.remind(customer, phone, startsAt, reminderAt).block(PATIENCE);
		if (appointment == null) {
			throw new IllegalStateException("no appointment was made");
		}
		return appointment;
	}

	private Mono<Appointment> report(String status) {
		return this.appointments.changes()
			.filter((appointment) -> appointment.messageStatus().equals(status))
			.next()
			.timeout(PATIENCE);
	}

	private static Appointment await(Mono<Appointment> report, String what) {
		try {
			Appointment appointment = report.block(PATIENCE);
			if (appointment != null) {
				return appointment;
			}
		}
		catch (RuntimeException ex) {
			// Told below.
		}
		throw new IllegalStateException(what + " didn't come within " + PATIENCE.toSeconds() + " seconds");
	}

	private static String shortSid(Appointment appointment) {
		String sid = String.valueOf(appointment.messageSid());
		return (sid.length() > 8) ? sid.substring(0, 2) + "…" + sid.substring(sid.length() - 6) : sid;
	}

	private void say(String line) {
		this.console.println(line);
	}

}

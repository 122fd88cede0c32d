package com.example.appointments;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.stereotype.Component;

/**
 * Tells who listens of every appointment that has changed.
 */
@Component
public class AppointmentFeed {

	private static final int BACKLOG = 1000;

	private final AppointmentRepository appointments;

	private final Sinks.Many<String> references = Sinks.many().multicast().directBestEffort();

	AppointmentFeed(AppointmentRepository appointments) {
		this.appointments = appointments;
	}

	/**
	 * The changes from now on. Each row is read after its change, one at a time: what
	 * comes later is never older.
	 * @return rows as they are after each change; an error for a listener that is too
	 * slow
	 */
	public Flux<Appointment> changes() {
		return this.references.asFlux().onBackpressureBuffer(BACKLOG).concatMap(this.appointments::findByReference);
	}

	void changed(String reference) {
		// Status updates come on several threads, a sink takes one at a time.
		this.references.emitNext(reference, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
	}

}

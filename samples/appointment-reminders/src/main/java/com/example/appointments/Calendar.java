package com.example.appointments;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Appointments as the page shows them.
 */
@Component
class Calendar {

	private final AppointmentRepository appointments;

	private final StepRepository steps;

	Calendar(AppointmentRepository appointments, StepRepository steps) {
		this.appointments = appointments;
		this.steps = steps;
	}

	/**
	 * All of them, the next one first.
	 */
	Mono<List<AppointmentView>> all() {
		// One query for all steps, not one for each appointment.
		return this.steps.findAllByOrderById()
			.collectMultimap(Step::reference)
			.flatMap((byReference) -> this.appointments.findAllByOrderByStartsAtAscIdAsc()
				.map((appointment) -> AppointmentView.of(appointment, stepsOf(appointment, byReference)))
				.collectList());
	}

	/**
	 * One of them.
	 */
	Mono<AppointmentView> view(Appointment appointment) {
		return this.steps.findByReferenceOrderById(appointment.reference())
			.collectList()
			.map((steps) -> AppointmentView.of(appointment, steps));
	}

	private static List<Step> stepsOf(Appointment appointment, Map<String, Collection<Step>> byReference) {
		return List.copyOf(byReference.getOrDefault(appointment.reference(), List.of()));
	}

}

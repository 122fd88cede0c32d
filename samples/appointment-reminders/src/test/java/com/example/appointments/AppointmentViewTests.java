package com.example.appointments;

import java.time.LocalDateTime;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AppointmentViewTests {

	private static final LocalDateTime NINE = LocalDateTime.parse("2030-03-04T09:00:00");

	@Test
	void timesNeverRunBackwardsWhateverOrderTheReportsCameIn() {
		List<Step> steps = view(step("accepted", 0), step("delivered", 1), step("sent", 2), step("queued", 3)).steps();
		assertThat(steps).extracting(Step::status).containsExactly("accepted", "queued", "sent", "delivered");
		assertThat(steps).extracting(Step::notedAt)
			.containsExactly(NINE, NINE.plusSeconds(1), NINE.plusSeconds(1), NINE.plusSeconds(1));
	}

	@Test
	void timesOfReportsInOrderStay() {
		List<Step> steps = view(step("accepted", 0), step("queued", 1), step("sent", 2), step("delivered", 3)).steps();
		assertThat(steps).extracting(Step::notedAt)
			.containsExactly(NINE, NINE.plusSeconds(1), NINE.plusSeconds(2), NINE.plusSeconds(3));
	}

	private static AppointmentView view(Step... steps) {
		return AppointmentView.of(new Appointment(1L, "appointment-1", "Ada", "+15558675310", NINE.plusDays(1), null,
				null, "delivered", null, null), List.of(steps));
	}

	private static Step step(String status, int second) {
		return new Step((long) second, "appointment-1", NINE.plusSeconds(second), status, null, null);
	}

}

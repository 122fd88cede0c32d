package com.example.appointments.tour;

import java.util.List;

import com.example.appointments.Appointment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tour, as it's taken when the application starts.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureWebTestClient(timeout = "30s")
class TourTests {

	@LocalServerPort
	int port;

	@Autowired
	WebTestClient client;

	@Test
	void isComplete(CapturedOutput output) {
		assertThat(output.getOut()).contains("Ada ...5310: reported delivered")
			.contains("Ben ...5311: moved to ")
			.contains("Ben ...5311: canceled, and is never sent")
			.contains("Cleo ...5312: reported delivered")
			.contains("Eve ...5314: waits until ")
			.contains("Dan ...5313: reported undelivered with 30003")
			.contains("Appointments: http://localhost:" + this.port + "/")
			.containsPattern("Simulator: +http://127\\.0\\.0\\.1:\\d+/")
			.endsWith("Tour complete." + System.lineSeparator());
		// No log line disturbs it but the warning ahead of it, and no number is shown
		// whole.
		assertThat(output.getAll().lines().filter((line) -> !line.contains("This application talks to a simulator")))
			.noneMatch((line) -> line.contains("WARN") || line.contains("ERROR"));
		assertThat(output.getAll()).doesNotContain("+1555");
		List<Appointment> appointments = this.client.get()
			.uri("/api/appointments")
			.exchange()
			.expectBodyList(Appointment.class)
			.returnResult()
			.getResponseBody();
		assertThat(appointments).extracting(Appointment::messageStatus)
			.containsExactly("delivered", "canceled", "delivered", "undelivered", "waiting");
	}

}

package com.example.appointments.tour;

import java.nio.file.Path;

import com.example.appointments.AppointmentRemindersApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application with its database in a file, started twice.
 */
@ExtendWith(OutputCaptureExtension.class)
class RestartTests {

	private static final String KEPT = "0. What was promised is still there after a restart.";

	@Test
	void whatWasPromisedOutlivesTheApplication(@TempDir Path directory, CapturedOutput output) {
		start(directory);
		assertThat(output.getOut()).doesNotContain(KEPT).endsWith("Tour complete." + System.lineSeparator());
		start(directory);
		assertThat(output.getOut()).contains(KEPT + System.lineSeparator() + "   Eve ...5314: waits until ")
			.endsWith("Tour complete." + System.lineSeparator());
	}

	private static void start(Path directory) {
		SpringApplication
			.run(AppointmentRemindersApplication.class, "--spring.profiles.active=file", "--server.port=0",
					"--spring.r2dbc.url=r2dbc:h2:file:///" + directory.resolve("appointments"))
			.close();
	}

}

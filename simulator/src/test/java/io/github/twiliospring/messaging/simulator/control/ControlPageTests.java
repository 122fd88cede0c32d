package io.github.twiliospring.messaging.simulator.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

import io.github.twiliospring.messaging.simulator.engine.EngineSettings;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.network.Delays;
import io.github.twiliospring.messaging.simulator.network.Directory;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table in docs/simulator.md and the list of routes are one.
 */
class ControlPageTests {

	@Test
	void showsWhatThereIsInTheTableOfThePage() throws IOException {
		EngineSettings settings = new EngineSettings(Delays.DEFAULT, EngineSettings.Limits.DEFAULT,
				new EngineSettings.Manners(false, true, true, Duration.ZERO), new Random(1), 1, new Directory(null));
		List<String> rows = Files.readAllLines(Path.of("../docs/simulator.md"))
			.stream()
			.filter((line) -> line.matches("\\| `[A-Z]+ /simulator/.*"))
			.toList();
		try (Timeline timeline = Timeline.start(Instant.EPOCH, settings, (callback, timeout, givenUp, whenDone) -> {
		}, () -> "")) {
			ControlApi control = new ControlApi(timeline, new EventStream(true, Duration.ofSeconds(15)), "AC");
			assertThat(rows).isEqualTo(control.documentation());
		}
	}

}

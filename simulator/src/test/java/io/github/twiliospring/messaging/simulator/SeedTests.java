package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.state.SimulatorState;
import io.github.twiliospring.messaging.simulator.state.StateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a simulator begins with.
 */
class SeedTests {

	@TempDir
	private Path directory;

	@Test
	void beginsWithTheSeedOfThePageAndAResetBringsItBack() throws IOException {
		Matcher json = Pattern.compile("(?s)```json\n(.*?)```")
			.matcher(Files.readString(Path.of("../docs/simulator.md")));
		assertThat(json.find()).isTrue();
		try (TwilioSimulator simulator = TwilioSimulator.builder().seed(file(json.group(1))).start()) {
			assertPlanted(simulator);
			new ApiClient(simulator).delete("/simulator/faults");
			simulator.reset();
			assertPlanted(simulator);
		}
	}

	private static void assertPlanted(TwilioSimulator simulator) {
		ApiClient api = new ApiClient(simulator);
		assertThat(api.get("/simulator/accounts").json().get("accounts")).hasSize(2);
		for (String list : new String[] { "numbers", "services", "applications", "templates", "outcomes", "faults" }) {
			assertThat(api.get("/simulator/" + list).json().get(list)).as(list).hasSize(1);
		}
	}

	@Test
	void leavesTheStateThatThereIsAsItIs() throws IOException {
		Path state = this.directory.resolve("state.json");
		Path seed = file("{\"numbers\":[{\"number\":\"+15017122661\"}]}");
		for (int start = 0; start < 2; start++) {
			try (TwilioSimulator simulator = TwilioSimulator.builder()
				.state(SimulatorState.in(state))
				.seed(seed)
				.start()) {
				ApiClient api = new ApiClient(simulator);
				assertThat(api.get("/simulator/numbers").json().get("numbers")).hasSize(1 + start);
				api.post("/simulator/numbers", "number", "+15017122662");
			}
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "{\"numbers\":[{\"number\":\"+15017122661\"},{\"rate\":1}]}|numbers[1]: 'rate' is unknown here",
					"{\"phones\":[]}|'phones' isn't one of the lists",
					"{\"numbers\":{}}|'numbers' isn't one of the lists", "[]|it's no JSON object", "{|it's no JSON" })
	void saysWhatIsWrongWithASeed(String content, String explanation) throws IOException {
		Path seed = file(content);
		assertThatExceptionOfType(StateException.class).isThrownBy(() -> TwilioSimulator.builder().seed(seed).start())
			.withMessageContaining("The seed in " + seed + " can't be used: " + explanation);
	}

	private Path file(String content) throws IOException {
		return Files.writeString(this.directory.resolve("seed.json"), content);
	}

}

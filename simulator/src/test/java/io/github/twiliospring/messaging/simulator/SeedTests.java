package io.github.twiliospring.messaging.simulator;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SeedTests {

	@Test
	void beginsWithWhatTheDocumentationShows() {
		try (TwilioSimulator simulator = TwilioSimulator.builder()
			.seed(Path.of("src", "test", "resources", "seed.json"))
			.start()) {
			String account = "AC00112233445566778899aabbccddeeff";
			ApiClient api = new ApiClient(simulator.baseUrl(), account, account, "wrong");
			assertThat(api.send().status()).isEqualTo(401);
			assertThat(new ApiClient(simulator).get("/simulator/templates").json().get("templates")).hasSize(1);
			assertThat(new ApiClient(simulator).get("/simulator/faults").json().get("faults")).hasSize(1);
		}
	}

}

package io.github.twiliospring.messaging.simulator;

import java.nio.file.Path;

import io.github.twiliospring.messaging.simulator.CallbackReceiver.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page from elsewhere, in a real browser.
 */
class ForeignPageTests {

	@TempDir
	private static Path userData;

	@Test
	void postsNoMessageByItsForm() {
		try (TwilioSimulator simulator = TwilioSimulator.builder().start();
				CallbackReceiver elsewhere = new CallbackReceiver();
				Browser browser = new Browser(userData)) {
			String action = simulator.baseUrl()
				.toString()
				.replace("//", "//" + simulator.accountSid() + ":" + simulator.authToken() + "@")
					+ new ApiClient(simulator).accountPath() + "/Messages.json";
			elsewhere.answer((request) -> new Reply(200,
					"<form method='post' action='" + action + "'><input name='To' value='" + ApiClient.TO
							+ "'><input name='From' value='" + ApiClient.FROM
							+ "'><input name='Body' value='Hi'><button id='prize'>Win a prize</button></form>",
					"text/html"));
			browser.open(simulator.baseUrl().toString());
			browser
				.script("location.href = '" + elsewhere.url("/prize?of=1000").replace("127.0.0.1", "localhost") + "'");
			browser.click("#prize");
			browser.see("pre", "A page from elsewhere may not use this simulator");
			assertThat(simulator.messages()).isEmpty();
		}
	}

}

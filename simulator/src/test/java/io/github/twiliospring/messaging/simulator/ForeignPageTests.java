package io.github.twiliospring.messaging.simulator;

import io.github.twiliospring.messaging.simulator.CallbackReceiver.Reply;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page from elsewhere, in a real browser.
 */
class ForeignPageTests extends SimulatorPage {

	@Test
	void postsNoMessageByItsForm() {
		try (CallbackReceiver elsewhere = new CallbackReceiver()) {
			String action = this.simulator.baseUrl()
				.toString()
				.replace("//", "//" + this.simulator.accountSid() + ":" + this.simulator.authToken() + "@")
					+ new ApiClient(this.simulator).accountPath() + "/Messages.json";
			elsewhere.answer((request) -> new Reply(200,
					"<form method='post' action='" + action + "'><input name='To' value='" + ApiClient.TO
							+ "'><input name='From' value='" + ApiClient.FROM
							+ "'><input name='Body' value='Hi'><button id='prize'>Win a prize</button></form>",
					"text/html"));
			open();
			browser
				.script("location.href = '" + elsewhere.url("/prize?of=1000").replace("127.0.0.1", "localhost") + "'");
			browser.click("#prize");
			browser.see("pre", "A page from elsewhere may not use this simulator");
			assertThat(this.simulator.messages()).isEmpty();
		}
	}

}

package io.github.twiliospring.messaging.simulator;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The calls of the API on the page, in a real browser.
 */
class RequestLogPageTests extends SimulatorPage {

	@BeforeEach
	void openPage() {
		open();
	}

	@Test
	void showsARefusedCallAndWhyItWasRefused() {
		this.api.send();
		this.api.create("To", "nobody", "From", ApiClient.FROM, "Body", "Hi");
		browser.see("#trouble", "1");
		browser.click("#show-requests");
		browser.see("#requests li:nth-child(2)", "201");
		browser.see("#requests li:nth-child(1) .bad", "400, 21211: ");
		browser.seeNo("#trouble");
		browser.seeNo("#phones");
		browser.click("#requests li:nth-child(1) button");
		browser.see("#detail h2", "POST /Messages.json");
		browser.see("#detail", "To: nobody");
		browser.see("#detail pre:last-of-type", "\"code\":21211");
	}

	@Test
	void showsCallsAsTheyComeAndThoseThatAFaultHit() {
		browser.click("#show-requests");
		browser.see("#no-requests");
		this.simulator.inject(Fault.status(503).times(1));
		this.api.send();
		browser.see("#requests li:nth-child(1) .bad", "503, answered by a fault");
		this.api.send();
		browser.see("#requests li:nth-child(1) .good", "201");
		browser.see("#requests li:nth-child(1)", ApiClient.TO + " \u00B7 Hi");
	}

	@Test
	void filtersCallsByAnswerTextAndAccount() {
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Your table is ready");
		this.api.create("To", "nobody", "From", ApiClient.FROM, "Body", "Hi");
		this.simulator.inject(Fault.status(500).times(1));
		this.api.send();
		browser.click("#show-requests");
		browser.see("#requests li:nth-child(3)");
		browser.choose("#result", "Refused");
		browser.seeNo("#requests li:nth-child(2)");
		browser.see("#requests li", "21211");
		browser.choose("#result", "Hit by a fault");
		browser.see("#requests li", "500, answered by a fault");
		browser.seeNo("#requests li:nth-child(2)");
		browser.choose("#result", "All requests");
		browser.type("#search", "table is");
		browser.seeNo("#requests li:nth-child(2)");
		browser.see("#requests li", "Your table is ready");
		browser.type("#search", "table is not");
		browser.see("#nothing-found");
		browser.press(Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE);
		browser.see("#requests li:nth-child(3)");
	}

	@Test
	void leadsFromACallToItsMessage() {
		String sid = this.api.send().sid();
		browser.click("#show-requests");
		browser.click("#requests button");
		browser.click("#detail [data-message]");
		browser.see("#phones [aria-current='true']", ApiClient.TO);
		browser.see("#bubbles [data-sid='" + sid + "'][aria-current='true']");
		browser.see("#detail h2", "To " + ApiClient.TO);
	}

	@Test
	void readsOlderCallsFromTheServer() {
		for (int i = 1; i <= 230; i++) {
			this.api.get("/Messages/SM" + "%032d".formatted(i) + ".json");
		}
		browser.click("#show-requests");
		browser.see("#requests li:nth-child(100)", "%032d".formatted(131));
		for (long shown = rows(); shown < 230; shown = rows()) {
			browser.script("document.querySelector('#more-requests').scrollIntoView()");
			browser.await("document.querySelectorAll('#requests li').length > " + shown);
		}
		browser.seeNo("#more-requests");
		browser.type("#search", "SM%032d".formatted(1));
		browser.seeNo("#requests li:nth-child(2)");
	}

	@Test
	void copiesACallAsCurlThatDoesTheSameAgain() throws Exception {
		Path curl = Path.of("/usr/bin/curl");
		Assumptions.assumeTrue(Files.isExecutable(curl) || "true".equals(System.getenv("CI")), curl + " is missing");
		browser.allowClipboard(this.simulator.baseUrl().toString());
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "It's 100% \"ready\" & $HOME\n\u2713");
		browser.click("#show-requests");
		browser.click("#requests button");
		browser.click("#detail [data-curl]");
		browser.see("#detail [data-curl]", "Copied");
		String command = String.valueOf(browser.clipboard());
		assertThat(command).doesNotContain(this.simulator.authToken()).contains("$TWILIO_AUTH_TOKEN");
		ProcessBuilder shell = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
		shell.environment().put("TWILIO_AUTH_TOKEN", this.simulator.authToken());
		Process process = shell.start();
		String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(answer).isZero();
		List<SimulatedMessage> messages = this.simulator.messages();
		assertThat(messages).hasSize(2);
		assertThat(messages.get(1).body()).isEqualTo(messages.get(0).body()).startsWith("It's 100%");
	}

	private static long rows() {
		return (Long) browser.script("return document.querySelectorAll('#requests li').length");
	}

}

package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.util.List;

import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page by keyboard alone, in a real browser.
 */
class KeyboardPageTests extends SimulatorPage {

	@BeforeEach
	void openPage() {
		open();
	}

	@Test
	void walksThroughPhonesMessagesAndDetailByArrows() {
		for (int i = 1; i <= 3; i++) {
			this.api.create("To", "+1555000000" + i, "From", ApiClient.FROM, "Body", "First to " + i);
			this.api.create("To", "+1555000000" + i, "From", ApiClient.FROM, "Body", "Second to " + i);
		}
		browser.see("#phones li:nth-child(3)");
		browser.press("/", Keys.TAB);
		assertThat(browser.focused().getDomAttribute("data-phone")).isEqualTo("+15550000003");
		browser.press(Keys.ARROW_DOWN);
		browser.see("#thread-title", "+15550000002");
		browser.see("#detail h2", "To +15550000002");
		browser.press(Keys.END);
		browser.see("#thread-title", "+15550000001");
		browser.press(Keys.ARROW_UP);
		browser.see("#thread-title", "+15550000002");
		browser.see("#bubbles [aria-current='true']", "Second to 2");
		browser.press(Keys.ARROW_RIGHT, Keys.ARROW_UP);
		browser.see("#bubbles [aria-current='true']", "First to 2");
		assertThat(browser.focused().getText()).isEqualTo("First to 2");
		browser.press(Keys.ARROW_RIGHT);
		assertThat(browser.focused().getDomAttribute("id")).isEqualTo("detail");
		browser.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
		assertThat(browser.focused().getDomAttribute("data-phone")).isEqualTo("+15550000002");
	}

	@Test
	void hasOneTabStopInEachList() {
		for (int i = 1; i <= 3; i++) {
			this.api.create("To", "+1555000000" + i, "From", ApiClient.FROM, "Body", "Hi");
		}
		browser.see("#phones li:nth-child(3)");
		browser.click("#phones li:nth-child(2) button");
		browser.see("#bubbles li");
		browser.await("document.querySelectorAll('#phones [tabindex=\"0\"], #bubbles [tabindex=\"0\"]').length === 2");
		browser.press("/", Keys.TAB);
		assertThat(browser.focused().getDomAttribute("data-phone")).isEqualTo("+15550000002");
	}

	@Test
	void movesTheClockByKeys() {
		browser.press("1");
		browser.await("document.querySelector('#now').dateTime.startsWith('2026-03-02T09:01')");
		browser.press("2");
		browser.await("document.querySelector('#now').dateTime.startsWith('2026-03-02T09:16')");
		browser.press("3");
		browser.await("document.querySelector('#now').dateTime.startsWith('2026-03-02T10:16')");
		browser.press("4");
		browser.await("document.querySelector('#now').dateTime.startsWith('2026-03-03T10:16')");
	}

	@Test
	void writesAsAPhoneAndAnswers() {
		browser.press("w");
		browser.see("#inbound-dialog");
		browser.press("+15550001111", Keys.TAB, ApiClient.FROM, Keys.TAB, "Are you open? (w, x, 4)", Keys.TAB, Keys.TAB,
				Keys.TAB, Keys.TAB, Keys.ENTER);
		browser.see("#bubbles .answer", "Are you open? (w, x, 4)");
		browser.seeNo("#inbound-dialog");
		browser.press("a", "Hello?", Keys.ENTER);
		browser.see("#bubbles .answer:nth-child(2)", "Hello?");
	}

	@Test
	void addsAndRemovesAFault() {
		browser.press("f");
		browser.see("#faults-dialog");
		browser.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER, Keys.TAB, "7", Keys.TAB, Keys.TAB, Keys.TAB, "P",
				Keys.TAB, Keys.TAB, Keys.ENTER);
		browser.see("#fault-list", "API answers a status (503, Retry-After 7, POST), next 1");
		browser.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER);
		browser.seeNo("#fault-list li");
		browser.press(Keys.ESCAPE);
		browser.seeNo("#faults-dialog");
		assertThat(this.api.send().status()).isEqualTo(201);
	}

	@Test
	void resetsOnlyAfterAQuestion() {
		this.api.send();
		browser.see("#phones li");
		browser.press("x");
		browser.see("#reset-dialog");
		browser.press(Keys.ENTER);
		browser.seeNo("#reset-dialog");
		assertThat(this.simulator.messages()).hasSize(1);
		browser.press("x");
		browser.see("#reset-dialog");
		browser.press(Keys.TAB, Keys.ENTER);
		browser.see("#no-phones");
		assertThat(this.simulator.messages()).isEmpty();
	}

	@Test
	void looksThroughRequestsAndCopies() {
		browser.allowClipboard(this.simulator.baseUrl().toString());
		this.simulator.inject(Fault.status(503).times(1));
		this.api.send();
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Your code is 482913");
		browser.see("#phones li");
		browser.press("r");
		browser.see("#requests li:nth-child(2)");
		browser.press("/", Keys.TAB, Keys.TAB, Keys.ARROW_DOWN);
		browser.see("#detail", "503, answered by a fault");
		browser.press("u");
		browser.see("#detail [data-curl]", "Copied");
		assertThat(String.valueOf(browser.clipboard())).startsWith("curl -X POST 'http://");
		browser.press("p");
		browser.see("#phones li");
		browser.press("/", Keys.TAB, Keys.ENTER);
		browser.see("#code strong", "482913");
		browser.press("c");
		browser.see("#copy-code", "Copied");
		assertThat(browser.clipboard()).isEqualTo("482913");
	}

	@Test
	void sendsACallbackAgain() {
		this.api.send("StatusCallback", this.receiver.url("/status"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.receiver.awaitAnswered(2);
		browser.see("#phones li", "delivered");
		browser.press("/", Keys.TAB, Keys.ENTER);
		browser.see("#detail", "CALLBACKS (2)");
		browser.press("s");
		this.receiver.awaitAnswered(3);
		browser.see("#detail details:nth-of-type(2)", "2 attempts");
		// By hand, too; the focus stays where it was.
		browser.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.TAB, Keys.ENTER, Keys.TAB, Keys.ENTER);
		this.receiver.awaitAnswered(4);
		browser.see("#detail details:nth-of-type(1)", "2 attempts");
		assertThat(browser.focused().getText()).isEqualTo("Send again");
	}

	@Test
	void readsAMessageOnAPhonesWidth() {
		browser.resize(390, 844);
		this.api.send();
		browser.see("#phones li");
		browser.press("/", Keys.TAB, Keys.ARROW_DOWN);
		browser.seeNo("#bubbles");
		browser.press(Keys.ENTER);
		browser.see("#bubbles li");
		assertThat(browser.focused().getText()).isEqualTo("\u2039 Phones");
		browser.press(Keys.TAB, Keys.ENTER);
		browser.see("#detail .timeline");
		browser.press(Keys.ESCAPE);
		browser.see("#bubbles li");
		browser.press(Keys.ESCAPE);
		browser.see("#phones li");
	}

	@Test
	void listsAShortcutForEachButtonAndLetsThemBeSwitchedOff() {
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Your code is 482913");
		browser.click("#phones button");
		browser.see("#code");
		assertThat((List<?>) browser
			.script("return [...document.querySelectorAll('.bar button, .tabs button, #code button')]"
					+ ".filter((button) => !button.hasAttribute('aria-keyshortcuts')).map((button) => button.textContent)"))
			.isEmpty();
		browser.press("?");
		browser.see("#shortcuts", "Reset, after a question");
		browser.see("#shortcuts", "In a list, one back or on");
		browser.press(" ", Keys.ESCAPE);
		browser.seeNo("#shortcuts-dialog");
		browser.press("w");
		browser.click("#open-shortcuts");
		browser.see("#shortcuts-dialog");
		assertThat(browser.focused().isSelected()).isFalse();
		browser.press(" ", Keys.ESCAPE, "w");
		browser.see("#inbound-dialog");
	}

}

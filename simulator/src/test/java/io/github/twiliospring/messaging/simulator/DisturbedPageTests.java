package io.github.twiliospring.messaging.simulator;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in a real browser, whose user is hasty, or whose simulator is slow or away.
 */
class DisturbedPageTests extends SimulatorPage {

	/** Answers that match wait until they are released; counts requests. */
	private static final String HOLD = """
			const answered = window.fetch;
			let held = [];
			window.asked = 0;
			window.answered = 0;
			window.holding = /$^/;
			window.fetch = async (resource, options) => {
			  if (!window.holding.test(`${options?.method} ${resource}`)) {
			    return answered(resource, options);
			  }
			  window.asked += 1;
			  const released = new Promise((release) => held.push([resource, release]));
			  const response = await answered(resource, options);
			  await released;
			  window.answered += 1;
			  return response;
			};
			window.release = (which = /./) => {
			  const all = held;
			  held = all.filter(([resource]) => !which.test(resource));
			  all.filter(([resource]) => which.test(resource)).forEach(([, release]) => release());
			};
			""";

	@Test
	void saysWhatFailedWhereTheSimulatorIsAway() {
		open();
		this.simulator.close();
		browser.click("[data-advance='PT1M']");
		browser.see("#failure", "The simulator can't be reached");
		browser.click("#open-reset");
		browser.click("#reset");
		browser.seeNo("#reset-dialog");
		browser.click("#open-faults");
		browser.click("#clear-faults");
		browser.see("#faults-dialog .error", "The simulator can't be reached");
	}

	@Test
	void saysThatTheMessageOfARequestIsGone() {
		String sid = this.api.send().sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.api.delete("/Messages/" + sid + ".json");
		open();
		browser.click("#show-requests");
		browser.click("#requests li:last-child button");
		assertThat(this.simulator.messages()).isEmpty();
		browser.click("#detail [data-message]");
		browser.see("#failure", "This message is gone");
	}

	@Test
	void writesOnceWhereSendIsClickedTwice() {
		browser.withBeginning(HOLD, () -> {
			open();
			browser.click("#open-inbound");
			browser.type("#inbound [name='from']", "+15550001111");
			browser.type("#inbound [name='to']", ApiClient.FROM);
			browser.type("#inbound [name='body']", "Hello");
			browser.script("window.holding = /POST/; const send = document.querySelector('#inbound [type=submit]');"
					+ "send.click(); send.click();");
			browser.await("window.asked > 0");
			browser.script("window.holding = /GET .*messages\\?/; window.release()");
			browser.seeNo("#inbound-dialog");
			browser.await("window.asked > 1");
			browser.script("window.release()");
			browser.see("#bubbles .answer", "Hello");
			assertThat(this.simulator.messages()).hasSize(1);
		});
	}

	@Test
	void takesWhatIsTypedWhileAnAnswerIsOnItsWay() {
		this.api.send();
		browser.withBeginning(HOLD, () -> {
			open();
			browser.click(PHONE);
			browser.see("#bubbles li");
			browser.script("window.holding = /GET .*messages\\?/");
			browser.press("w", Keys.chord(Keys.CONTROL, "a"), "+15550001111");
			browser.type("#inbound [name='to']", "+15550002222");
			browser.await("window.asked > 0");
			browser.script("window.release()");
			browser.await("window.answered > 0");
			assertThat(browser.script("return document.querySelector('#inbound [name=to]').value"))
				.isEqualTo("+15550002222");
			assertThat(browser.script("return document.querySelector('#inbound [name=from]').value"))
				.isEqualTo("+15550001111");
			assertThat(this.simulator.clock().instant()).isEqualTo(START);
		});
	}

	@Test
	void keepsThePhoneThatIsChosenWhileThePageStillLoads() {
		this.api.send();
		browser.withBeginning(HOLD + "window.holding = /GET .*(faults|messages\\?)/;", () -> {
			open();
			browser.click(PHONE);
			browser.await("window.asked > 1");
			browser.script("window.release(/faults/)");
			browser.see("#clock-kind", "stands still");
			browser.script("window.holding = /$^/; window.release()");
			browser.see("#bubbles li");
		});
	}

	@Test
	void keepsWhatIsWrittenWhileTheSimulatorIsReset() {
		this.api.send();
		open();
		browser.click(PHONE);
		browser.type("#answer-body", "I'll be");
		this.simulator.reset();
		browser.see("#no-phones");
		this.simulator.receive("+15550001111", ApiClient.FROM, "Hi");
		browser.click("#phones [data-phone='+15550001111']");
		browser.see("#bubbles", "Hi");
		assertThat(browser.script("return document.querySelector('#answer-body').value")).isEqualTo("");
		this.api.send();
		browser.click(PHONE);
		assertThat(browser.script("return document.querySelector('#answer-body').value")).isEqualTo("I'll be");
	}

	@Test
	void asksForTheListsOnceAtATimeHoweverMuchIsMissing() {
		for (int i = 0; i < 20; i++) {
			this.api.create("To", "+1555%07d".formatted(i), "From", ApiClient.FROM, "Body", "Hi");
		}
		this.simulator.clock().advance(Duration.ofMinutes(1));
		browser.withBeginning(HOLD, () -> {
			open();
			browser.see("#phones li:nth-child(20)");
			browser.script("window.holding = /GET .*phones/");
			this.simulator.messages().forEach((message) -> {
				this.api.delete("/Messages/" + message.sid() + ".json");
				browser.seeNo("#phones [data-phone='" + message.to() + "']");
			});
			browser.await("window.asked > 0");
			assertThat(browser.script("return window.asked - window.answered")).isEqualTo(1L);
			browser.script("window.release()");
			browser.await("window.asked > 1");
			browser.script("window.release()");
			browser.see("#no-phones");
		});
	}

}

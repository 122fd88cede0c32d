package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.util.List;

import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.testsupport.FreePort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in a real browser, while others use the simulator, too, or it goes away.
 */
class ConnectionPageTests extends SimulatorPage {

	// It comes back to its port.
	@Override
	TwilioSimulatorBuilder configure(TwilioSimulatorBuilder builder) {
		return super.configure(builder).port(FreePort.find());
	}

	@BeforeEach
	void openPage() {
		open();
	}

	// It may have been started anew.
	@AfterEach
	void stopSimulator() {
		this.simulator.close();
	}

	@Test
	void goesOnAfterItsSimulatorWasStartedAnew() {
		this.api.send();
		browser.click(PHONE);
		browser.see("#bubbles li");
		restart();
		browser.see("#connection", "live");
		browser.seeNo(PHONE);
		this.simulator.receive("+15550001111", ApiClient.FROM, "Are you open?");
		browser.see("#phones [data-phone='+15550001111']", "Are you open?");
	}

	@Test
	void goesOnAfterItsStreamWasRefused() {
		this.api.send();
		browser.withBeginning("""
				const Stream = window.EventSource;
				let opened = 0;
				window.EventSource = class extends Stream {
				  constructor(url) {
				    opened += 1;
				    super(opened === 1 ? 'page/nothing' : url);
				  }
				};
				""", () -> {
			// A browser gives up by itself where the answer is no stream.
			browser.open(this.simulator.baseUrl().toString());
			browser.see(PHONE);
		});
	}

	private void restart() {
		int port = this.simulator.baseUrl().getPort();
		this.simulator.close();
		browser.see("#connection", "connecting");
		this.simulator = TwilioSimulator.builder().port(port).manualClock(START).start();
	}

	@Test
	void opensInMoreTabsThanABrowserHasConnectionsFor() {
		for (int i = 2; i <= 8; i++) {
			browser.openTab(this.simulator.baseUrl().toString());
			browser.see(".connection.live");
		}
		browser.closeTabs();
		this.api.send();
		browser.see(".connection.live");
		browser.see(PHONE);
	}

	@Test
	void followsWhatIsDoneInAnotherTab() {
		this.api.send();
		browser.click(PHONE);
		browser.see("#detail .timeline");
		browser.openTab(this.simulator.baseUrl().toString());
		browser.click("#open-reset");
		browser.click("#reset");
		browser.see("#no-phones");
		browser.closeTabs();
		browser.see("#no-phones");
		browser.see("#thread-title", "Choose a phone");
		browser.see("#detail", "Choose a message");
	}

	@Test
	void keepsWhatIsShownWhenAnotherAccountIsReset() {
		String other = "AC" + "a".repeat(32);
		new ApiClient(this.simulator.baseUrl(), other, other, "any").create("To", "+15550001111", "From",
				ApiClient.FROM, "Body", "Hi");
		this.api.send();
		browser.click(PHONE);
		browser.see("#detail h2", "To " + ApiClient.TO);
		this.simulator.reset(other);
		browser.seeNo("#phones [data-phone='+15550001111']");
		browser.see("#thread-title", ApiClient.TO);
		browser.see("#detail h2", "To " + ApiClient.TO);
		this.simulator.reset(this.simulator.accountSid());
		browser.see("#thread-title", "Choose a phone");
	}

	@Test
	void keepsTheFocusOnARuleWhileAnotherWearsOff() {
		this.simulator.inject(Fault.status(503).on("DELETE"));
		this.simulator.inject(Fault.duplicateCallbacks().times(3));
		browser.open(this.simulator.baseUrl().toString());
		browser.see("#fault-count", "2");
		browser.click("#open-faults");
		browser.script("document.querySelector('#fault-list li:nth-child(2) button').focus()");
		browser.script("window.drawn = 0; new MutationObserver(() => { window.drawn += 1; })"
				+ ".observe(document.querySelector('#fault-list'), { childList: true })");
		this.api.send("StatusCallback", this.receiver.url("/status"));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.receiver.awaitAnswered(4);
		browser.await("window.drawn > 0");
		assertThat(browser.focused().getAccessibleName()).startsWith("Remove: Callbacks come twice");
	}

	@Test
	void searchesWhileMessagesComeAndGo() {
		String first = this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "A needle").sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		browser.type("#search", "needle");
		browser.see("#phones li:only-child");
		for (int i = 0; i < 150; i++) {
			this.simulator.receive("+1555%07d".formatted(i), ApiClient.FROM,
					(i % 2 == 0) ? "A Needle " + i : "Hay " + i);
		}
		browser.await("document.querySelectorAll('#phones li').length === 76");
		assertThat((List<?>) browser.script("return [...document.querySelectorAll('#phones .last bdi')]"
				+ ".map((one) => one.textContent).filter((text) => !/needle/i.test(text))"))
			.isEmpty();
		this.api.delete("/Messages/" + first + ".json");
		browser.await("document.querySelectorAll('#phones li').length === 75");
	}

	@Test
	void readsOnWhileMessagesCome() {
		for (int i = 0; i < 250; i++) {
			this.simulator.receive("+1555%07d".formatted(i), ApiClient.FROM, "Early " + i);
		}
		browser.open(this.simulator.baseUrl().toString());
		browser.see("#more-phones");
		for (int i = 250; i < 270; i++) {
			this.simulator.receive("+1555%07d".formatted(i), ApiClient.FROM, "Late " + i);
			// One that's far back comes to the front.
			this.simulator.receive("+1555%07d".formatted(i - 250), ApiClient.FROM, "Again");
			browser.script("document.querySelector('#more-phones').scrollIntoView()");
		}
		browser.await("(document.querySelector('#more-phones').scrollIntoView(), "
				+ "document.querySelectorAll('#phones li').length === 270)");
		assertThat(browser.script(
				"return new Set([...document.querySelectorAll('#phones [data-phone]')].map((row) => row.dataset.phone)).size"))
			.isEqualTo(270L);
		browser.seeNo("#more-phones");
	}

	@Test
	void asksForTheRulesOnceWhereOneWearsOffManyTimes() {
		this.simulator.inject(Fault.duplicateCallbacks().times(1000));
		browser.open(this.simulator.baseUrl().toString());
		browser.see("#fault-count", "1");
		browser.script("const fetched = window.fetch; window.asked = 0; window.fetch = (path, options) => {"
				+ "window.asked += /faults/.test(path) ? 1 : 0; return fetched(path, options); }");
		for (int i = 0; i < 100; i++) {
			this.api.send("StatusCallback", this.receiver.url("/status"));
		}
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.receiver.awaitAnswered(400);
		browser.await("window.asked > 0");
		assertThat((Long) browser.script("return window.asked")).isLessThan(40L);
	}

	@Test
	void leavesTheOldestToTheServerWhereTooMuchComes() {
		Object sizes = browser.promised(
				"""
						import('/page/list.js').then(async ({ PagedList }) => {
						  const message = (number) => ({ number, version: number, sid: String(number) });
						  const list = new PagedList(async () => ({ messages: [message(1), message(0)], more: false }), (one) => one.sid, () => {});
						  await list.refresh();
						  for (let number = 2; number <= 10000; number += 1) {
						    list.put(message(number));
						  }
						  return [list.all().length, list.more, list.all()[0].number, list.shown.end];
						})""");
		assertThat(sizes).isEqualTo(List.of(9000L, true, 10000L, 1001L));
	}

}

package io.github.twiliospring.messaging.simulator;

import java.time.Duration;

import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What goes wrong on demand, on the page in a real browser.
 */
class RulesPageTests extends SimulatorPage {

	@BeforeEach
	void openPage() {
		open();
	}

	@Test
	void letsTheNextCallsFailAndStartsAnew() {
		browser.click("#open-faults");
		browser.click("#faults [type='submit']");
		browser.see("#fault-list", "API answers a status (503), next 1");
		browser.click("#outcomes [type='submit']");
		browser.see("#fault-list", "undelivered 30003: all messages, always");
		browser.click("#faults-dialog [data-close]");
		assertThat(this.api.send().status()).isEqualTo(503);
		assertThat(this.api.send().status()).isEqualTo(201);
		browser.click(PHONE);
		this.simulator.clock().advance(Duration.ofSeconds(1));
		browser.see("#bubbles", "undelivered 30003");
		browser.click("#open-reset");
		browser.click("#reset-dialog [data-close]");
		assertThat(this.simulator.messages()).hasSize(1);
		browser.click("#open-reset");
		browser.click("#reset");
		browser.see("#no-phones");
		browser.seeNo("#reset-dialog");
		assertThat(this.simulator.messages()).isEmpty();
	}

	@Test
	void showsTheFieldsThatAFaultUsesAndNoOthers() {
		browser.click("#open-faults");
		browser.see("#faults [name='status']");
		browser.seeNo("#faults [name='seconds']");
		browser.choose("#faults [name='what']", "Callbacks are late");
		browser.see("#faults [name='seconds']");
		browser.seeNo("#faults [name='status']");
		browser.click("#faults [type='submit']");
		browser.see("#fault-list", "Callbacks are late (5 s), next 1");
		browser.choose("#faults [name='what']", "Callbacks are lost");
		browser.seeNo("#faults [name='seconds']");
		browser.seeNo("#faults [name='status']");
		browser.see("#faults [name='times']");
	}

	@Test
	void limitsAFaultToAShareAMethodAndAnAccount() {
		browser.click("#open-faults");
		browser.seeNo("#faults [name='retry_after']");
		browser.click("#faults summary");
		browser.type("#faults [name='status']", "429");
		browser.type("#faults [name='retry_after']", "7");
		browser.type("#faults [name='late']", "0.1");
		browser.type("#faults [name='share']", "100");
		browser.choose("#faults [name='method']", "POST");
		browser.choose("#faults [name='account_sid']", this.simulator.accountSid());
		browser.click("#faults [type='submit']");
		browser.see("#fault-list",
				"API answers a status (429, Retry-After 7, 0.1 s, POST, " + this.simulator.accountSid() + "), next 1");
		assertThat(this.api.get("/Messages.json").status()).isEqualTo(200);
		ApiClient.Answer refused = this.api.send();
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.response().headers().firstValue("Retry-After")).contains("7");
		browser.type("#faults [name='share']", "7");
		browser.click("#faults [type='submit']");
		browser.see("#fault-list", "7 % of them");
	}

	@Test
	void showsOfAFaultsFurtherFieldsThoseThatItUses() {
		browser.click("#open-faults");
		browser.click("#faults summary");
		browser.see("#faults [name='retry_after']");
		browser.choose("#faults [name='what']", "API never answers");
		browser.seeNo("#faults [name='retry_after']");
		browser.seeNo("#faults [name='late']");
		browser.see("#faults [name='share']");
		browser.see("#faults [name='method']");
		browser.choose("#faults [name='what']", "Callbacks come twice");
		browser.seeNo("#faults [name='share']");
		browser.seeNo("#faults [name='method']");
		browser.see("#faults [name='account_sid']");
		browser.choose("#faults [name='account_sid']", this.simulator.accountSid());
		browser.click("#faults [type='submit']");
		browser.see("#fault-list", "Callbacks come twice (" + this.simulator.accountSid() + "), next 1");
	}

	@Test
	void limitsAnOutcomeToATextAndANumberOfMessages() {
		browser.click("#open-faults");
		browser.click("#outcomes summary");
		browser.type("#outcomes [name='body']", "full");
		browser.type("#outcomes [name='times']", "2");
		browser.type("#outcomes [name='share']", "50");
		browser.choose("#outcomes [name='account_sid']", this.simulator.accountSid());
		browser.click("#outcomes [type='submit']");
		browser.see("#fault-list", "undelivered 30003: 50 % of messages with the text full, of "
				+ this.simulator.accountSid() + ", next 2");
		browser.click("#outcomes summary");
		browser.click("#outcomes [type='submit']");
		browser.see("#fault-list", "undelivered 30003: all messages, always");
	}

	@Test
	void removesRulesOneByOne() {
		this.simulator.inject(Fault.status(503));
		this.simulator.inject(Fault.hang());
		this.simulator.fail(MessageMatcher.sentTo(ApiClient.TO), 30003);
		browser.click("#open-faults");
		browser.see("#fault-count", "3");
		browser.click("#fault-list [aria-label^='Remove: API never answers']");
		browser.see("#fault-count", "2");
		browser.see("#fault-list", "API answers a status (503), always");
		// The first of those that are left has the focus.
		browser.focused().sendKeys(Keys.ENTER);
		browser.see("#fault-count", "1");
		browser.see("#fault-list", "undelivered 30003: " + MessageMatcher.sentTo(ApiClient.TO) + ", always");
		assertThat(this.api.send().status()).isEqualTo(201);
		browser.click("#fault-list button");
		browser.seeNo("#fault-count");
	}

	@Test
	void showsRulesOfCodeAsTheyComeWearOffAndGo() {
		browser.seeNo("#fault-count");
		this.simulator.inject(Fault.status(503).times(2));
		browser.see("#fault-count", "1");
		this.simulator.fail(MessageMatcher.sentTo(ApiClient.TO), 30003);
		browser.see("#fault-count", "2");
		browser.click("#open-faults");
		this.api.send();
		browser.see("#fault-list", "API answers a status (503), next 1");
		this.api.send();
		browser.see("#fault-count", "1");
		browser.click("#faults-dialog [data-close]");
		this.simulator.reset();
		browser.seeNo("#fault-count");
	}

	@Test
	void saysInWordsWhyACallbackFailed() {
		String dead = this.receiver.url("/status");
		this.receiver.close();
		this.api.send("StatusCallback", dead);
		this.simulator.clock().advance(Duration.ofMinutes(1));
		browser.click(PHONE);
		browser.see("#detail", "Nothing listens at 127.0.0.1:");
		assertThat(browser.see("#detail").getText()).doesNotContain("Exception");
	}

}

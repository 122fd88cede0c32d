package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import io.github.twiliospring.messaging.simulator.CallbackReceiver.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page, in a real browser.
 */
class PageTests extends SimulatorPage {

	@BeforeEach
	void openPage() {
		open();
	}

	@Test
	void showsAMessageAsItArrivesAndOpensItsTimeline() {
		browser.see("#no-phones");
		String sid = this.api
			.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "<b>Your table</b> is ready", "StatusCallback",
					this.receiver.url("/status"))
			.sid();
		browser.see(PHONE, "<b>Your table</b> is ready");
		browser.click(PHONE);
		browser.see("#bubbles", "queued");
		browser.click("[data-sid='" + sid + "']");
		browser.see("#detail .timeline", "queued");
		this.simulator.clock().advance(Duration.ofSeconds(1));
		browser.see("#detail .timeline", "delivered");
		browser.see("#detail", "CALLBACKS (2)");
		browser.click("#detail details summary");
		browser.see("#detail details[open]", "X-Twilio-Signature");
		browser.click("#detail details[open] [data-replay]");
		browser.see("#detail details[open]", "Attempt 2");
		// A page of an earlier test may still complain that its simulator has gone.
		assertThat(browser.severeLogs()).noneMatch((line) -> line.contains(this.simulator.baseUrl().toString()));
	}

	@Test
	void movesTheClockAndSeesAScheduledMessageGoOut() {
		this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "See you at 9",
				"ScheduleType", "fixed", "SendAt", START.plus(Duration.ofDays(1)).toString());
		browser.click(PHONE);
		browser.see("#bubbles .planned", "See you at 9");
		browser.click("[data-advance='P1D']");
		browser.see("#bubbles", "queued");
		browser.click("[data-advance='PT1M']");
		browser.see("#bubbles", "delivered");
		browser.seeNo("#bubbles .planned");
		assertThat(browser.see("#now").getDomAttribute("datetime")).startsWith("2026-03-03T09:01:00");
	}

	@Test
	void answersAsThePhoneByKeyboardAlone() {
		this.simulator.inboundUrl(this.receiver.url("/inbound"));
		this.receiver.answer((request) -> new Reply(200, "<Response><Message>Thanks</Message></Response>"));
		this.api.send();
		browser.see(PHONE);
		browser.focused().sendKeys("/");
		assertThat(browser.focused().getDomAttribute("id")).isEqualTo("search");
		browser.focused().sendKeys("5310", Keys.TAB, Keys.ENTER);
		browser.see("#thread-title", ApiClient.TO);
		browser.type("#answer-body", "I'll be late", Keys.ENTER);
		browser.see("#bubbles .answer", "I'll be late");
		browser.see("#bubbles", "Thanks");
		assertThat(this.simulator.awaitMessage(MessageMatcher.body("I'll be late")).to()).isEqualTo(ApiClient.FROM);
	}

	@Test
	void keepsAnAnswerThatIsBeingWrittenToItsPhone() {
		String other = "+15550001111";
		this.api.send();
		this.api.create("To", other, "From", ApiClient.FROM, "Body", "Hi");
		browser.click(PHONE);
		browser.type("#answer-body", "I'll be late");
		browser.click("#phones [data-phone='" + other + "']");
		browser.await("document.querySelector('#answer-body').value === ''");
		browser.click(PHONE);
		browser.await("document.querySelector('#answer-body').value === \"I'll be late\"");
	}

	@Test
	void saysThatThereIsNobodyToAnswerAndKeepsTheText() {
		this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "See you at 9",
				"ScheduleType", "fixed", "SendAt", START.plus(Duration.ofDays(1)).toString());
		browser.click(PHONE);
		browser.type("#answer-body", "Who is it?", Keys.ENTER);
		browser.see("#answer .error", "Nobody to answer yet");
		browser.await("document.querySelector('#answer-body').value === 'Who is it?'");
	}

	@Test
	void writesAsAPhoneThatNobodyWroteTo() {
		browser.click("#open-inbound");
		browser.type("#inbound [name='from']", "+15550001111");
		browser.type("#inbound [name='to']", ApiClient.FROM);
		browser.type("#inbound [name='body']", "Are you open?");
		browser.click("#inbound [type='submit']");
		browser.see("#bubbles .answer", "Are you open?");
	}

	@Test
	void showsTheDayOnWhichAReminderWentOut() {
		this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "See you at 9",
				"ScheduleType", "fixed", "SendAt", START.plus(Duration.ofDays(1)).toString());
		this.simulator.clock().advance(Duration.ofDays(3));
		browser.click(PHONE);
		browser.see("#bubbles", "delivered");
		assertThat(browser.see("#bubbles .meta time").getDomAttribute("datetime")).startsWith("2026-03-03T09:00");
		browser.see("#bubbles .meta time", "Mar 3");
		browser.see("#phones .when", "Mar 3");
		browser.see("#detail dl", "Went out\nMar 3, 2026");
		browser.see("#detail dl", "Created\nMar 2, 2026");
	}

	@Test
	void showsTheLatestMessageOfThePhoneThatIsChosen() {
		String other = "+15550001111";
		this.api.send("StatusCallback", this.receiver.url("/status"));
		this.api.create("To", other, "From", ApiClient.FROM, "Body", "Another one");
		browser.click(PHONE);
		browser.see("#detail h2", "To " + ApiClient.TO);
		browser.click("#phones [data-phone='" + other + "']");
		browser.see("#detail h2", "To " + other);
	}

	@Test
	void copiesTheLatestCodeOfAPhone() {
		browser.allowClipboard(this.simulator.baseUrl().toString());
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Your code is 111222");
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Your code: 482-913. It holds until 2027");
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Call +15017122661 by 9:30, or in 2027");
		browser.click(PHONE);
		browser.see("#code strong", "482913");
		browser.click("#copy-code");
		browser.see("#copy-code", "Copied");
		assertThat(browser.clipboard()).isEqualTo("482913");
	}

	@Test
	void marksTheCharactersThatForceUcs2() {
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body",
				"It\u2019s ready, " + "and waiting ".repeat(8));
		this.simulator.clock().advance(Duration.ofMinutes(1));
		browser.click(PHONE);
		browser.see("#detail mark", "\u2019");
		browser.see("#detail .note", "\u2019 (U+2019)");
		browser.see("#detail dl", "2, as UCS-2; 1 with SmartEncoded");
		browser.see("#detail dl", "-0.01500 USD");
		this.api.create("To", "+15550001111", "From", ApiClient.FROM, "Body", "It's ready");
		browser.click("#phones [data-phone='+15550001111']");
		browser.see("#detail h2", "To +15550001111");
		browser.seeNo("#detail mark");
	}

	@Test
	void drawsPicturesOfMediaFromTheirAddresses() {
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Our menu", "MediaUrl",
				"https://shop.example.com/food.png", "MediaUrl", "https://shop.example.com/menu.pdf?day=1");
		browser.click(PHONE);
		browser.see("#bubbles svg[aria-label='Picture food.png'] path");
		browser.see("#bubbles svg[aria-label='File menu.pdf'] text", "PDF");
		browser.see("#bubbles .bubble", "https://shop.example.com/food.png");
		assertThat(browser.severeLogs()).noneMatch((line) -> line.contains(this.simulator.baseUrl().toString()));
	}

	@Test
	void findsMessagesAndAccounts() {
		String other = "AC" + "a".repeat(32);
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Your table is ready");
		new ApiClient(this.simulator.baseUrl(), other, other, "any").create("To", "+15550001111", "From",
				ApiClient.FROM, "Body", "Your order is ready");
		browser.see("[data-phone='+15550001111']");
		browser.type("#search", "table");
		browser.seeNo("[data-phone='+15550001111']");
		browser.see(PHONE);
		browser.type("#search", "", Keys.BACK_SPACE);
		browser.script("const a = document.getElementById('account'); a.value = '" + other
				+ "'; a.dispatchEvent(new Event('change'))");
		browser.see("[data-phone='+15550001111']");
		browser.seeNo(PHONE);
	}

	@Test
	void isReadableOnAPhonesWidthInLightAndDark() throws IOException {
		this.simulator.fail(MessageMatcher.body("Is it you?"), 30003);
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Your table is ready", "StatusCallback",
				this.receiver.url("/status"));
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Is it you?");
		this.simulator.receive(ApiClient.TO, ApiClient.FROM, "On my way, five minutes or so");
		this.api.create("To", "+15550001111", "From", ApiClient.FROM, "Body",
				"A rather long message that doesn't fit into one line of the list of phones", "MediaUrl",
				"https://shop.example.com/a/rather/long/address/of/a/logo.png");
		this.simulator.clock().advance(Duration.ofSeconds(5));
		String scheduled = this.api
			.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "See you at 9",
					"ScheduleType", "fixed", "SendAt", START.plus(Duration.ofDays(1)).toString())
			.sid();
		for (String scheme : new String[] { "light", "dark" }) {
			browser.colours(scheme);
			browser.resize(1400, 900);
			browser.click(PHONE);
			browser.click("#bubbles li:first-child button");
			browser.see("#detail .timeline", "delivered");
			picture(scheme + "-wide");
			browser.resize(390, 844);
			assertThat((Boolean) browser.script("return document.documentElement.scrollWidth <= window.innerWidth"))
				.isTrue();
			picture(scheme + "-narrow-detail");
			browser.click(".detail .back");
			browser.see("[data-sid='" + scheduled + "']");
			picture(scheme + "-narrow-thread");
			browser.click(".thread .back");
			browser.see(PHONE);
			browser.seeNo("#bubbles");
			picture(scheme + "-narrow-list");
			assertThat((Boolean) browser.script("return document.documentElement.scrollWidth <= window.innerWidth"))
				.isTrue();
		}
	}

	/** For whoever wants to look at it: a failed test shows less than a picture. */
	private static void picture(String name) throws IOException {
		browser.screenshot(Path.of("target", "screenshots", name + ".png"));
	}

}

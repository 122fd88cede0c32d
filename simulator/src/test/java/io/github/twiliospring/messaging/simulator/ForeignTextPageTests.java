package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.CallbackReceiver.Reply;
import io.github.twiliospring.messaging.simulator.network.ContentTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What others say, on the page in a real browser: it stays a text, and leaves the rest of
 * the page alone.
 */
class ForeignTextPageTests extends SimulatorPage {

	private static final String SID = "HX0123456789abcdef0123456789abcdef";

	private static final String MARKUP = "<img src=x onerror=window.hacked=1>";

	@BeforeEach
	void openPage() {
		open();
	}

	@Test
	void showsMarkupAsTextWhateverFieldItComesIn() {
		this.simulator.inboundUrl(this.receiver.url("/inbound?a=" + MARKUP.replaceAll("[^a-z]", "")));
		this.receiver.answer((request) -> new Reply(200, MARKUP, "text/html"));
		this.simulator.configure((directory) -> directory
			.put(new ContentTemplate(SID, MARKUP + "{{1}}", Map.of("1", MARKUP), List.of())));
		this.simulator.receive(PhoneMessage.of(ApiClient.TO, ApiClient.FROM)
			.body(MARKUP)
			.media("https://shop.example.com/" + MARKUP.replace(' ', '/') + ".png")
			.location(1, 2)
			.place(MARKUP, MARKUP)
			.referral(Map.of("Headline", MARKUP, "SourceUrl", "javascript:window.hacked=1", "MediaUrl", MARKUP)));
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "ContentSid", SID, "ContentVariables",
				"{\"1\":\"" + MARKUP + "\",\"" + MARKUP + "\":\"x\"}");
		this.api.create("To", MARKUP, "From", MARKUP, "Body", MARKUP);
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body",
				"javascript:alert(1) https://shop.example.com/?a=<img%20src=x> data:text/html,x", "StatusCallback",
				this.receiver.url("/status?a=%3Cimg%3E"));
		this.api.post("/simulator/outcomes", "body", MARKUP, "to_pattern", "<img>.*");
		this.api.post("/simulator/faults", "kind", "status", "retry_after", MARKUP, "method", MARKUP, "times", "9");
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(Duration.ofSeconds(20));
		browser.click(PHONE);
		for (int i = 1; i <= 3; i++) {
			browser.click("#bubbles li:nth-child(" + i + ") .bubble");
			browser.see("#bubbles li:nth-child(" + i + ") [aria-current='true']");
			browser.see("#detail .timeline");
			browser.script("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
			assertNothingOfItIsMarkup();
		}
		browser.click("#open-faults");
		browser.see("#fault-list", MARKUP);
		browser.click("#faults-dialog [data-close]");
		browser.click("#open-templates");
		browser.see("#template-list", MARKUP);
		browser.click("#templates-dialog [data-close]");
		browser.click("#show-requests");
		browser.see("#requests", MARKUP);
		browser.click("#requests li:nth-child(2) button");
		browser.see("#detail", MARKUP);
		assertNothingOfItIsMarkup();
	}

	private static void assertNothingOfItIsMarkup() {
		assertThat((List<?>) browser.script(
				"return [...document.querySelectorAll('img, script:not([src]), iframe')].map((one) => one.outerHTML)"))
			.isEmpty();
		assertThat((List<?>) browser.script(
				"return [...document.querySelectorAll('a')].map((one) => one.href).filter((url) => !/^https?:/.test(url))"))
			.isEmpty();
		assertThat(browser.script("return window.hacked")).isNull();
	}

	@Test
	void makesLinksOfWebAddressesAlone() {
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body",
				"See (https://shop.example.com/a_(b)?c=1&d=2), javascript:alert(1) or HTTP://x. <https://shop.example.com/2>");
		browser.click(PHONE);
		browser.see("#detail .text a");
		assertThat((List<?>) browser
			.script("return [...document.querySelectorAll('#detail .text a')].map((one) => one.getAttribute('href'))"))
			.isEqualTo(List.of("https://shop.example.com/a_(b)?c=1&d=2", "https://shop.example.com/2"));
		assertThat(browser.see("#bubbles .links a").getDomAttribute("rel")).isEqualTo("noopener noreferrer");
		assertThat(browser.see("#detail .text").getText()).endsWith("or HTTP://x. <https://shop.example.com/2>");
	}

	@Test
	void staysWithinItsLinesHoweverLongATextIs() {
		this.simulator.receive(ApiClient.TO, ApiClient.FROM, "x".repeat(100_000) + " https://" + "y".repeat(100_000));
		this.simulator.receive("channel:" + "z".repeat(200), "channel:a", "Hi");
		browser.resize(390, 844);
		browser.see(PHONE, "xxx");
		assertThat((Long) browser.script("return document.querySelector(\"" + PHONE + "\").textContent.length"))
			.isLessThan(400L);
		browser.click(PHONE);
		browser.see("#bubbles .bubble");
		assertFits();
		browser.click("#bubbles .bubble");
		browser.see("#detail .text a");
		assertFits();
	}

	private static void assertFits() {
		assertThat((Boolean) browser.script("return document.documentElement.scrollWidth <= window.innerWidth"))
			.isTrue();
	}

	@Test
	void writesFromRightToLeftWithoutTurningTheRestAround() {
		this.simulator.receive(ApiClient.TO, ApiClient.FROM, "\u0645\u0631\u062D\u0628\u0627 \u202E(1)");
		browser.click(PHONE);
		browser.see("#bubbles .bubble");
		assertThat(browser.script("return getComputedStyle(document.querySelector('#bubbles .bubble')).direction"))
			.isEqualTo("rtl");
		assertThat((Boolean) browser
			.script("const left = (one) => document.querySelector(one).getBoundingClientRect().left;"
					+ "return left('#phones .last span') < left('#phones .last bdi')"))
			.isTrue();
	}

	@Test
	void marksWhatIsDrawnFromSeveralCharactersAsAWhole() {
		String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Hi " + family + "! \u2019");
		browser.click(PHONE);
		browser.see("#detail mark", family);
		assertThat((List<?>) browser
			.script("return [...document.querySelectorAll('#detail mark')].map((one) => one.textContent)"))
			.isEqualTo(List.of(family, "\u2019"));
	}

	@Test
	void copiesNoCommandThatReadsAFileOrThatIsCutOff() {
		browser.allowClipboard(this.simulator.baseUrl().toString());
		this.api.postRaw("/Messages.json", "@/etc/passwd");
		browser.click("#show-requests");
		browser.click("#requests li:nth-child(1) button");
		browser.click("#detail [data-curl]");
		browser.see("#detail [data-curl]", "Copied");
		assertThat(String.valueOf(browser.clipboard())).contains("--data-raw '@/etc/passwd'");
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "\u001B[201~ rm -rf");
		browser.see("#requests li:nth-child(2)");
		browser.click("#requests li:nth-child(1) button");
		browser.see("#detail", "rm -rf");
		browser.click("#detail [data-curl]");
		browser.see("#detail [data-curl]", "Copied");
		assertThat(String.valueOf(browser.clipboard())).contains("%1B").doesNotContain("\u001B");
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "x".repeat(20_000));
		browser.see("#requests li:nth-child(3)");
		browser.click("#requests li:nth-child(1) button");
		browser.see("#detail", "xxx\u2026");
		browser.seeNo("#detail [data-curl]");
	}

	@Test
	void findsTextsInAnyScriptAndSignsThatMeanSomethingElsewhere() {
		List<String> texts = List.of("50% (off) [*] + more", "\u0417\u0430\u0434\u0430\u0447\u0430 12390",
				"Wir m\u00FCssen", "It's \"quoted\" & <tagged>", "\uD83C\uDF89 party", "C:\\path#1?x=y");
		for (int i = 0; i < texts.size(); i++) {
			this.simulator.receive("+1555000000" + i, ApiClient.FROM, texts.get(i));
		}
		browser.see("#phones li:nth-child(6)");
		for (int i = 0; i < texts.size(); i++) {
			browser.script("const search = document.querySelector('#search'); search.value = arguments[0];"
					+ "search.dispatchEvent(new Event('input'))", texts.get(i).toUpperCase(Locale.ROOT));
			browser.see("#phones li:only-child [data-phone='+1555000000" + i + "']");
		}
		browser.type("#search", "null");
		browser.see("#nothing-found");
		browser.type("#search", "+15550000003");
		browser.see("#phones li:only-child [data-phone='+15550000003']");
	}

}

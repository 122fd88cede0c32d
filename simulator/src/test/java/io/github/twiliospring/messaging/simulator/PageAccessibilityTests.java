package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.network.ContentTemplate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page as axe-core judges it. Where it isn't installed the tests are skipped and say
 * so, except in continuous integration, where they fail.
 */
class PageAccessibilityTests extends SimulatorPage {

	private static final Path AXE = Path.of("../.ci/axe/node_modules/axe-core/axe.min.js");

	private static final String TEMPLATE = "HX0123456789abcdef0123456789abcdef";

	private static String axe;

	@BeforeAll
	static void readAxe() throws IOException {
		if (!"true".equals(System.getenv("CI"))) {
			Assumptions.assumeTrue(Files.exists(AXE), "The page's accessibility isn't tested: " + AXE
					+ " is missing; CONTRIBUTING.md says how to install it");
		}
		axe = Files.readString(AXE);
	}

	@ParameterizedTest
	@CsvSource({ "light, 1400, 900", "dark, 1400, 900", "light, 390, 844", "dark, 390, 844" })
	void hasNothingThatAxeFinds(String scheme, int width, int height) {
		browser.colours(scheme);
		browser.resize(width, height);
		open();
		browser.see("#no-phones");
		assertAccessible("an empty page");
		fill();
		open();
		browser.see(PHONE);
		assertAccessible("phones");
		browser.click(PHONE);
		browser.see("#bubbles .older");
		browser.see("#code");
		browser.see("#bubbles svg");
		assertAccessible("a conversation");
		browser.click("#bubbles li:nth-last-child(2) button");
		browser.see("#detail .timeline");
		browser.script("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
		browser.see("#detail mark");
		assertAccessible("a message");
		browser.open(this.simulator.baseUrl().toString());
		browser.click("#phones [data-phone='+15550009999']");
		browser.see("#bubbles .links");
		browser.click("#bubbles .bubble");
		browser.see("#detail .short-links");
		assertAccessible("a message with links");
		browser.click("#open-inbound");
		browser.see("#inbound");
		assertAccessible("writing as a phone");
		browser.click("#inbound-more summary");
		for (String kind : new String[] { "place", "button", "referral", "opt-out" }) {
			browser.script("const kind = document.querySelector('#inbound').elements.kind; kind.value = arguments[0];"
					+ "kind.dispatchEvent(new Event('change'))", kind);
			browser.see("#inbound [data-for='" + kind + "']");
			assertAccessible("writing as a phone: " + kind);
		}
		browser.click("#inbound-dialog [data-close]");
		browser.click("#open-faults");
		browser.click("#faults [type='submit']");
		browser.see("#fault-list", "503");
		browser.click("#faults summary");
		browser.click("#outcomes summary");
		assertAccessible("faults");
		browser.click("#faults-dialog [data-close]");
		browser.click("#open-templates");
		browser.see("#template-list li");
		browser.click("#template-form summary");
		assertAccessible("templates");
		browser.click("#templates-dialog [data-close]");
		browser.click("#open-reset");
		browser.see("#reset-dialog");
		assertAccessible("a question");
		browser.click("#reset-dialog [data-close]");
		browser.click("#open-shortcuts");
		browser.see("#shortcuts dd");
		assertAccessible("shortcuts");
		browser.click("#shortcuts-dialog [data-close]");
		open();
		browser.click("#show-requests");
		browser.see("#requests .bad");
		assertAccessible("requests");
		browser.click("#requests li:nth-child(1) button");
		browser.see("#detail [data-curl]");
		assertAccessible("a request");
		// At the end, since axe takes its time for each row.
		for (int i = 0; i < 120; i++) {
			this.simulator.receive("+1555%07d".formatted(i), ApiClient.FROM, "Are you open?");
		}
		open();
		browser.see("#more-phones");
		assertAccessible("many phones");
	}

	private void fill() {
		ApiClient api = new ApiClient(this.simulator);
		for (int i = 0; i < 120; i++) {
			this.simulator.receive(ApiClient.TO, ApiClient.FROM, "Hello?");
		}
		this.simulator.fail(MessageMatcher.bodyContaining("Sorry"), 30003);
		api.send("StatusCallback", this.receiver.url("/status"), "MediaUrl", "https://shop.example.com/menu.png");
		api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Sorry, we\u2019re full: code 482913",
				"StatusCallback", this.receiver.url("/status"));
		this.simulator.configure((directory) -> directory
			.put(new ContentTemplate(TEMPLATE, "See https://shop.example.com/{{1}}", Map.of("1", "menu"), List.of())));
		api.create("To", "+15550009999", "MessagingServiceSid", ApiClient.SERVICE, "ContentSid", TEMPLATE,
				"ContentVariables", "{\"1\":\"today\"}", "ShortenUrls", "true");
		this.simulator.clock().advance(Duration.ofMinutes(1));
		api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "See you at 9", "ScheduleType",
				"fixed", "SendAt", "2026-03-03T09:00:00Z");
		api.create("To", "nobody", "From", ApiClient.FROM, "Body", "Hi");
	}

	private static void assertAccessible(String what) {
		if (!Boolean.TRUE.equals(browser.script("return 'axe' in window"))) {
			browser.script(axe);
		}
		Object found = browser
			.promised("axe.run(document).then((result) => result.violations.map((one) => one.id + ': '"
					+ " + one.nodes.map((node) => node.target + ' ' + node.failureSummary).join('; ')))");
		assertThat((List<?>) found).as(what).isEmpty();
	}

}

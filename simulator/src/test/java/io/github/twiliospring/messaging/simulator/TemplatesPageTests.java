package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.github.twiliospring.messaging.simulator.CallbackReceiver.Reply;
import io.github.twiliospring.messaging.simulator.network.ContentTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Templates and links on the page, in a real browser.
 */
class TemplatesPageTests extends SimulatorPage {

	private static final String SID = "HX0123456789abcdef0123456789abcdef";

	@BeforeEach
	void openPage() {
		open();
	}

	@Test
	void registersATemplateAndShowsWhatAMessageMadeOfIt() {
		browser.click("#open-templates");
		browser.see("#no-templates");
		browser.click("#template-form summary");
		browser.type("#template [name='sid']", SID);
		browser.type("#template [name='body']", "See you at {{1}}, {{name}}");
		browser.type("#template [name='variables']", "1 = nine\nname = A=B");
		browser.click("#template [type='submit']");
		browser.see("#templates-said", SID + " is registered.");
		browser.see("#template-list li", "See you at {{1}}, {{name}}");
		browser.see("#template-list li", "name = A=B");
		browser.seeNo("#no-templates");
		browser.click("#templates-dialog [data-close]");
		this.api.create("To", ApiClient.TO, "From", ApiClient.FROM, "ContentSid", SID, "ContentVariables",
				"{\"1\":\"ten\"}");
		browser.click(PHONE);
		browser.see("#bubbles", "See you at ten, A=B");
		browser.see("#detail dl", "Variables\n1 = ten");
		browser.click("#detail [data-template]");
		browser.see("#templates-dialog");
		assertThat(browser.focused().getAccessibleName()).isEqualTo("Change " + SID);
	}

	@Test
	void changesATemplateAndSaysWhatIsWrong() {
		this.simulator.configure((directory) -> directory
			.put(new ContentTemplate(SID, "Hi {{1}}", Map.of("1", "you"), List.of("https://shop.example.com/a.png"))));
		browser.click("#open-templates");
		browser.click("#template-list [data-change]");
		browser.see("#template [name='body']");
		assertThat(browser.focused().getDomProperty("value")).isEqualTo("Hi {{1}}");
		browser.type("#template [name='body']", "Hello {{1}}");
		browser.click("#template [type='submit']");
		browser.see("#template-list li", "Hello {{1}}");
		browser.see("#template-list li", "https://shop.example.com/a.png");
		browser.seeNo("#template-list li:nth-child(2)");
		browser.type("#click-callback [name='click_callback']", "http://not a host/");
		browser.script("document.querySelector('#click-callback').noValidate = true");
		browser.click("#click-callback [type='submit']");
		browser.see("#templates-dialog .error", "'click_callback' is an http or https address");
	}

	@Test
	void showsNoPasswordOfAClickCallbackAndKeepsIt() {
		String url = "http://provider:hush@localhost:1/clicks";
		AtomicReference<String> kept = new AtomicReference<>();
		browser.click("#open-templates");
		browser.type("#click-callback [name='click_callback']", url);
		browser.click("#click-callback [type='submit']");
		browser.see("#templates-said", "Followed links are reported to http://localhost:1/clicks.");
		browser.click("#templates-dialog [data-close]");
		browser.click("#open-templates");
		browser.click("#click-callback [type='submit']");
		browser.see("#templates-said", "Followed links are reported to http://localhost:1/clicks.");
		this.simulator.configure((directory) -> kept.set(directory.clickCallback()));
		assertThat(kept).hasValue(url);
	}

	@Test
	void registersATemplateByKeyboardAlone() {
		browser.press("t");
		browser.see("#templates-dialog");
		browser.press(Keys.ENTER);
		browser.see("#template [name='sid']");
		browser.press(Keys.TAB, Keys.TAB, "See you soon", Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER);
		browser.see("#template-list li", "See you soon");
		browser.press(Keys.TAB, "http://localhost:1/clicks", Keys.ENTER);
		browser.see("#templates-said", "Followed links are reported to http://localhost:1/clicks.");
		browser.press(Keys.ESCAPE);
		browser.seeNo("#templates-dialog");
		assertThat(this.api.get("/simulator/links").text("click_callback")).isEqualTo("http://localhost:1/clicks");
		assertThat(this.api.get("/simulator/templates").json().get("templates").get(0).get("body").asString())
			.isEqualTo("See you soon");
	}

	@Test
	void followsAShortenedLinkAndShowsTheClickAndItsCallback() {
		this.receiver.answer((request) -> new Reply(200, "<p id='menu'>Today's menu</p>", "text/html"));
		String link = this.receiver.url("/menu?day=1");
		browser.click("#open-templates");
		browser.type("#click-callback [name='click_callback']", this.receiver.url("/clicks?tenant=1"));
		browser.click("#click-callback [type='submit']");
		browser.see("#templates-said", "/clicks?tenant=1");
		browser.click("#templates-dialog [data-close]");
		send("Look: " + link);
		browser.click(PHONE);
		browser.see("#detail", "leads to " + link + ", not followed yet");
		browser.click("#bubbles .links a");
		browser.followTab(2);
		browser.see("#menu");
		assertThat(browser.address()).isEqualTo(link);
		browser.closeTabs();
		browser.see("#detail .timeline li:last-child", "clicked");
		browser.see("#detail .timeline li:last-child", link + " \u00B7 callback delivered");
		browser.see("#detail", "leads to " + link + ", followed once");
		browser.see("#detail details", "clicked delivered, 1 attempt");
	}

	@Test
	void followsALinkByKeyboardAloneAndShowsThatNobodyWasTold() {
		this.receiver.answer((request) -> new Reply(200, "<p id='menu'>Today's menu</p>", "text/html"));
		send("Look: " + this.receiver.url("/menu?day=1"));
		browser.see(PHONE);
		browser.press("/", Keys.TAB, Keys.ENTER);
		browser.see("#detail .text a");
		browser.press("o");
		browser.followTab(2);
		browser.see("#menu");
		browser.closeTabs();
		browser.see("#detail .timeline li:last-child", "not reported");
		browser.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.TAB);
		assertThat(browser.focused().getTagName()).isEqualTo("a");
		browser.press(Keys.ENTER);
		browser.followTab(2);
		browser.see("#menu");
		browser.closeTabs();
		browser.see("#detail", "followed 2 times");
		assertThat(browser.focused().getTagName()).isEqualTo("a");
	}

	@Test
	void showsWhyAClickIsNotReported() {
		String dead = this.receiver.url("/clicks");
		send("Look: https://shop.example.com/");
		this.receiver.close();
		this.api.post("/simulator/links", "click_callback", dead);
		browser.click(PHONE);
		browser.see("#detail .text a");
		String shortened = browser.see("#detail .text a").getDomAttribute("href");
		this.api.exchange(HttpRequest.newBuilder(URI.create(String.valueOf(shortened))));
		browser.see("#detail .timeline li:last-child", "callback failed");
		browser.see("#detail details", "Nothing listens at 127.0.0.1:");
	}

	@Test
	void fitsBesideFiveThousandMessagesOnAPhonesWidthToo() throws IOException {
		for (int i = 0; i < 5000; i++) {
			this.simulator.receive("+1555%07d".formatted(i), ApiClient.FROM, "This is message " + i + " of many");
		}
		this.simulator.configure((directory) -> directory.put(new ContentTemplate(SID, "Hi {{1}}, see you at {{2}}",
				Map.of("2", "nine"), List.of("https://shop.example.com/pictures/{{1}}.png"))));
		send("Your order is on its way: https://shop.example.com/orders/42?from=sms, and our menu: http://shop.example.com/m");
		for (String scheme : List.of("light", "dark")) {
			for (int width : new int[] { 1400, 390 }) {
				browser.colours(scheme);
				browser.resize(width, 844);
				browser.open(this.simulator.baseUrl().toString());
				browser.click(PHONE);
				browser.see("#bubbles .links");
				picture(scheme, width, "conversation with links");
				browser.click("#bubbles .bubble");
				browser.see("#detail .short-links");
				picture(scheme, width, "message with links");
				browser.click("#open-inbound");
				browser.click("#inbound-more summary");
				browser.choose("#inbound [name='kind']", "An advertisement was clicked");
				picture(scheme, width, "inbound");
				browser.click("#inbound-dialog [data-close]");
				browser.click("#open-faults");
				browser.click("#faults summary");
				browser.click("#outcomes summary");
				picture(scheme, width, "faults");
				browser.click("#faults-dialog [data-close]");
				browser.click("#open-templates");
				browser.click("#template-list [data-change]");
				picture(scheme, width, "templates");
				browser.click("#templates-dialog [data-close]");
			}
		}
	}

	/** For whoever wants to look at it; nothing may stick out. */
	private static void picture(String scheme, int width, String what) throws IOException {
		browser.screenshot(
				Path.of("target", "screenshots", "%s-%d-%s.png".formatted(scheme, width, what.replace(' ', '-'))));
		assertThat((List<?>) browser
			.script("return [document.documentElement, ...document.querySelectorAll('dialog[open]')]"
					+ ".filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.id || one.localName)"))
			.as(what)
			.isEmpty();
	}

	/** A message with shortened links, delivered. */
	private void send(String body) {
		this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", body, "ShortenUrls",
				"true");
		this.simulator.clock().advance(Duration.ofMinutes(1));
	}

}

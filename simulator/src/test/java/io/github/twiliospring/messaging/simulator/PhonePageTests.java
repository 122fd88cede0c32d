package io.github.twiliospring.messaging.simulator;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a phone says beside a text, on the page in a real browser.
 */
class PhonePageTests extends SimulatorPage {

	private static final String PHONE_ADDRESS = "whatsapp:" + ApiClient.TO;

	private static final String NUMBER = "whatsapp:" + ApiClient.FROM;

	@BeforeEach
	void openPage() {
		open();
	}

	@Test
	void writesAPlaceAndShowsIt() {
		this.simulator.inboundUrl(this.receiver.url("/inbound"));
		begin("A place");
		browser.type("#inbound [name='latitude']", "52.52");
		browser.type("#inbound [name='longitude']", "13.405");
		browser.type("#inbound [name='label']", "Alexanderplatz");
		browser.type("#inbound [name='address']", "Berlin");
		browser.click("#inbound [type='submit']");
		browser.see("#bubbles .answer", "Place 52.52, 13.405\nAlexanderplatz\nBerlin");
		browser.see("#phones", "Place 52.52, 13.405");
		browser.see("#detail dl", "Longitude\n13.405");
		this.receiver.awaitAnswered(1);
		assertThat(this.receiver.received().get(0).form()).containsEntry("Latitude", "52.52")
			.containsEntry("Label", "Alexanderplatz")
			.containsEntry("MessageType", "location");
	}

	@Test
	void pressesAButtonOfATemplate() {
		this.simulator.inboundUrl(this.receiver.url("/inbound"));
		begin("A button of a template was pressed");
		browser.type("#inbound [name='button_text']", "Confirm");
		browser.type("#inbound [name='button_payload']", "confirm-42");
		browser.click("#inbound [type='submit']");
		browser.see("#bubbles .answer", "Confirm");
		browser.see("#detail dl", "ButtonPayload\nconfirm-42");
		this.receiver.awaitAnswered(1);
		assertThat(this.receiver.received().get(0).form()).containsEntry("Body", "Confirm")
			.containsEntry("ButtonText", "Confirm")
			.containsEntry("ButtonPayload", "confirm-42");
	}

	@Test
	void comesFromAnAdvertisement() {
		this.simulator.inboundUrl(this.receiver.url("/inbound"));
		begin("An advertisement was clicked");
		List<String> names = List.of("headline", "body", "source_type", "source_id", "source_url", "ctwa_clid",
				"num_media", "media_id", "media_content_type", "media_url");
		for (String name : names) {
			String value = name.endsWith("url") ? "https://ads.example.com/" + name
					: name.startsWith("num") ? "1" : name;
			browser.type("#inbound [name='referral_" + name + "']", value);
		}
		browser.click("#inbound [type='submit']");
		browser.see("#bubbles .answer", "Are you open?");
		this.receiver.awaitAnswered(1);
		assertThat(this.receiver.received().get(0).form()).containsEntry("ReferralHeadline", "headline")
			.containsEntry("ReferralBody", "body")
			.containsEntry("ReferralSourceType", "source_type")
			.containsEntry("ReferralSourceId", "source_id")
			.containsEntry("ReferralSourceUrl", "https://ads.example.com/source_url")
			.containsEntry("ReferralCtwaClid", "ctwa_clid")
			.containsEntry("ReferralNumMedia", "1")
			.containsEntry("ReferralMediaId", "media_id")
			.containsEntry("ReferralMediaContentType", "media_content_type")
			.containsEntry("ReferralMediaUrl", "https://ads.example.com/media_url");
	}

	@Test
	void isTakenForAnOptOutWhateverItSays() {
		begin("What the provider takes it for (opt-out)");
		browser.choose("#inbound [name='opt_out_type']", "STOP");
		browser.click("#inbound [type='submit']");
		browser.click("#bubbles .answer .bubble");
		browser.see("#detail dl", "OptOutType\nSTOP");
		assertThat(this.api.create("To", PHONE_ADDRESS, "From", NUMBER, "Body", "Hi").json().get("code").asInt())
			.isEqualTo(21610);
	}

	@Test
	void showsTheFieldsOfWhatItSaysAndSendsNoOthers() {
		begin("A place");
		browser.type("#inbound [name='latitude']", "52.52");
		browser.type("#inbound [name='longitude']", "13.405");
		browser.choose("#inbound [name='kind']", "A button of a template was pressed");
		browser.seeNo("#inbound [name='latitude']");
		browser.see("#inbound [name='button_text']");
		browser.seeNo("#inbound [name='referral_headline']");
		browser.seeNo("#inbound [name='opt_out_type']");
		browser.type("#inbound [name='button_text']", "Confirm");
		browser.click("#inbound-more summary");
		browser.seeNo("#inbound [name='button_text']");
		browser.type("#inbound [name='body']", "Are you open?");
		browser.click("#inbound [type='submit']");
		browser.see("#bubbles .answer", "Are you open?");
		String sid = this.simulator.messages().get(0).sid();
		assertThat(this.api.get("/simulator/messages/" + sid).json().get("extras")).isEmpty();
	}

	@Test
	void saysWhatIsWrong() {
		begin("A place");
		browser.type("#inbound [name='latitude']", "52.52");
		browser.type("#inbound [name='longitude']", "13.405");
		browser.type("#inbound [name='to']", "nowhere");
		browser.click("#inbound [type='submit']");
		browser.see("#inbound .error", "A phone is a number such as");
		assertThat(this.simulator.messages()).isEmpty();
	}

	@Test
	void pressesAButtonByKeyboardAlone() {
		browser.press("w");
		browser.see("#inbound-dialog");
		browser.press(PHONE_ADDRESS, Keys.TAB, NUMBER, Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER, Keys.TAB,
				Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.TAB, "Confirm", Keys.TAB, "confirm-42", Keys.ENTER);
		browser.see("#bubbles .answer", "Confirm");
		browser.see("#detail dl", "ButtonPayload\nconfirm-42");
	}

	private static void begin(String kind) {
		browser.click("#open-inbound");
		browser.type("#inbound [name='from']", PHONE_ADDRESS);
		browser.type("#inbound [name='to']", NUMBER);
		if (!kind.startsWith("A button") && !kind.equals("A place")) {
			browser.type("#inbound [name='body']", "Are you open?");
		}
		browser.click("#inbound-more summary");
		browser.choose("#inbound [name='kind']", kind);
	}

}

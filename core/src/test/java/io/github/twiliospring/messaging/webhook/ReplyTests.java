package io.github.twiliospring.messaging.webhook;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ReplyTests {

	private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

	@Test
	void writesToFromAndBothNamesOfTheStatusCallback() {
		Reply reply = Reply.text("Hi")
			.to("+15558675310")
			.from("Owl & \"Co\" <1>")
			.statusCallback(URI.create("https://shop.example.com/s?a=1&b='2'"));
		assertThat(TwimlWriter.write(reply))
			.isEqualTo(HEAD + "<Response><Message to=\"+15558675310\"" + " from=\"Owl &amp; &quot;Co&quot; &lt;1&gt;\""
					+ " statusCallback=\"https://shop.example.com/s?a=1&amp;b='2'\""
					+ " action=\"https://shop.example.com/s?a=1&amp;b='2'\"><Body>Hi</Body></Message></Response>");
	}

	@Test
	void givesAttributesToTheMessagesSoFar() {
		Reply first = Reply.text("One").to("+15558675310");
		assertThat(TwimlWriter.write(first.and(Reply.text("Two"))))
			.isEqualTo(HEAD + "<Response><Message to=\"+15558675310\"><Body>One</Body></Message>"
					+ "<Message><Body>Two</Body></Message></Response>");
		assertThat(TwimlWriter.write(first.and(Reply.text("Two")).from("Owl")))
			.isEqualTo(HEAD + "<Response><Message to=\"+15558675310\" from=\"Owl\"><Body>One</Body></Message>"
					+ "<Message from=\"Owl\"><Body>Two</Body></Message></Response>");
		assertThat(TwimlWriter.write(first)).doesNotContain("Two", "Owl");
	}

	@Test
	void writesARedirectBehindTheMessages() {
		Reply reply = Reply.text("One moment").and(Reply.redirect(URI.create("../next?a=1&b=2")));
		assertThat(TwimlWriter.write(reply)).isEqualTo(HEAD + "<Response><Message><Body>One moment</Body></Message>"
				+ "<Redirect method=\"POST\">../next?a=1&amp;b=2</Redirect></Response>");
		assertThat(TwimlWriter.write(Reply.redirect(URI.create("https://x.example.com/"), HttpMethod.GET)))
			.isEqualTo(HEAD + "<Response><Redirect method=\"GET\">https://x.example.com/</Redirect></Response>");
	}

	@Test
	void refusesWhatWouldStandBehindARedirect() {
		Reply redirect = Reply.redirect(URI.create("/next"));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> redirect.and(Reply.text("Two")));
		assertThat(Reply.none().and(redirect).redirect()).isEqualTo(redirect.redirect());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "+1555\u00008675310", "+1555\n8675310", "+1555\t8675310", "Owl\uD83D",
			"\uDE00Owl", "Owl\u0085" })
	void refusesAnAddressThatNoneCanBeAndShowsNothingOfIt(String address) {
		assertThatIllegalArgumentException().isThrownBy(() -> Reply.text("Hi").to(address))
			.withMessageStartingWith("to ")
			.withMessageNotContainingAny("1555", "Owl");
		assertThatIllegalArgumentException().isThrownBy(() -> Reply.text("Hi").from(address))
			.withMessageStartingWith("from ")
			.withMessageNotContainingAny("1555", "Owl");
	}

	@ParameterizedTest
	@ValueSource(strings = { "(415) 555-1212", "07400123456", "whatsapp:+15558675310", "sim:DE123", "Owl Shop", "😀" })
	void leavesItToTheProviderWhetherAnAddressIsOne(String address) {
		assertThat(Reply.text("Hi").to(address).parts().get(0).to()).isEqualTo(address);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "mailto:a@example.com", "ftp://shop.example.com/", "javascript:x", "http:status",
			"https://my_shop.example.com/", "//my_shop.example.com/" })
	void refusesAStatusCallbackThatTheProviderCannotCall(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> Reply.text("Hi").statusCallback(URI.create(url)))
			.withMessageStartingWith("statusCallback ")
			.withMessageNotContainingAny("example.com", "javascript");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "mailto:a@example.com", "ftp://shop.example.com/", "http:next" })
	void refusesARedirectThatLeadsNowhere(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> Reply.redirect(URI.create(url)))
			.withMessageNotContaining("example.com");
	}

	@Test
	void refusesAMethodThatARedirectCannotHave() {
		URI next = URI.create("/next");
		for (HttpMethod method : new HttpMethod[] { HttpMethod.PUT, HttpMethod.HEAD, HttpMethod.valueOf("get") }) {
			assertThatIllegalArgumentException().isThrownBy(() -> Reply.redirect(next, method));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/status", "status?a=1", "?a=1", "https://shop.example.com/s#rc=2&rp=5xx,ct,rt",
			"HTTPS://shop.example.com/" })
	void takesAbsoluteAndRelativeAddresses(String url) {
		assertThat(TwimlWriter.write(Reply.text("Hi").statusCallback(URI.create(url))))
			.contains(" action=\"" + url.replace("&", "&amp;") + "\"");
		assertThat(TwimlWriter.write(Reply.redirect(URI.create(url)))).contains(url.replace("&", "&amp;"));
	}

	@Test
	void replacesHalfCharactersInAUrlAsInAText() {
		assertThat(TwimlWriter.write(Reply.redirect(URI.create("/a\uD83Db")))).contains("/a\uFFFDb");
	}

	@Test
	void showsNeitherNumberNorTextNorUrl() {
		Reply reply = Reply.text("secret")
			.to("+15558675310")
			.from("+15017122661")
			.statusCallback(URI.create("https://shop.example.com/"))
			.and(Reply.redirect(URI.create("https://shop.example.com/next")));
		assertThat(reply.toString() + reply.parts() + reply.redirect())
			.isEqualTo("Reply[1 messages, redirect][Part[media=0]]Redirect[POST]");
	}

}

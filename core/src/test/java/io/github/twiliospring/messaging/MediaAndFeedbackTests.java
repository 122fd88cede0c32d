package io.github.twiliospring.messaging;

import java.nio.charset.StandardCharsets;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.message.FeedbackOutcome;
import io.github.twiliospring.messaging.message.Media;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBufferUtils;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

class MediaAndFeedbackTests {

	private static final String SID = "MM0123456789abcdef0123456789abcdef";

	private static final String MEDIA_SID = "ME0123456789abcdef0123456789abcdef";

	private static final String MESSAGE = "/2010-04-01/Accounts/" + TestTemplates.ACCOUNT_SID + "/Messages/" + SID;

	private static final String MEDIUM = MESSAGE + "/Media/" + MEDIA_SID;

	private static final String JSON = "{\"sid\":\"" + MEDIA_SID + "\",\"parent_sid\":\"" + SID
			+ "\",\"content_type\":\"image/png\",\"date_created\":\"Fri, 24 May 2019 17:44:46 +0000\"}";

	@RegisterExtension
	final WireMockExtension api = WireMockExtension.newInstance().build();

	@RegisterExtension
	final WireMockExtension storage = WireMockExtension.newInstance().build();

	@Test
	void listsFetchesAndDeletesMedia() {
		this.api.stubFor(get(MESSAGE + "/Media.json")
			.willReturn(okJson("{\"media_list\":[" + JSON + "],\"next_page_uri\":null}")));
		this.api.stubFor(get(MEDIUM + ".json").willReturn(okJson(JSON)));
		this.api.stubFor(delete(MEDIUM + ".json").willReturn(aResponse().withStatus(204)));
		MessagingTemplate template = template();
		Media medium = template.listMedia(SID).blockFirst();
		assertThat(medium.contentType()).isEqualTo("image/png");
		assertThat(medium.messageSid()).isEqualTo(SID);
		assertThat(template.fetchMedia(SID, MEDIA_SID).block()).isEqualTo(medium);
		template.deleteMedia(SID, MEDIA_SID).block();
		this.api.verify(1, deleteRequestedFor(urlEqualTo(MEDIUM + ".json")));
	}

	@Test
	void followsTheRedirectOfContentWithoutCredentialsToAnotherHost() {
		this.api.stubFor(get(MEDIUM).willReturn(temporaryRedirect(MEDIUM + "/moved")));
		this.api.stubFor(get(MEDIUM + "/moved").willReturn(temporaryRedirect(this.storage.baseUrl() + "/a%20b?c=d")));
		this.storage.stubFor(get("/a%20b?c=d").willReturn(ok("picture")));
		String content = DataBufferUtils.join(template().mediaContent(SID, MEDIA_SID)).map((buffer) -> {
			String text = buffer.toString(StandardCharsets.UTF_8);
			DataBufferUtils.release(buffer);
			return text;
		}).block();
		assertThat(content).isEqualTo("picture");
		this.api.verify(1,
				getRequestedFor(urlEqualTo(MEDIUM + "/moved")).withHeader("Authorization", matching("Basic .*")));
		this.storage.verify(1, getRequestedFor(urlEqualTo("/a%20b?c=d")).withoutHeader("Authorization"));
	}

	@Test
	void followsARedirectToAUrlThatIsNotEscaped() {
		String escaped = "/a%20b%7C%5B1%5D.jpg?c=%7Bd%7D";
		this.api.stubFor(get(MEDIUM).willReturn(temporaryRedirect(this.storage.baseUrl() + "/a b|[1].jpg?c={d}")));
		this.storage.stubFor(get(urlEqualTo(escaped)).willReturn(ok("picture")));
		template().mediaContent(SID, MEDIA_SID).doOnNext(DataBufferUtils::release).blockLast();
		this.storage.verify(1, getRequestedFor(urlEqualTo(escaped)));
	}

	@Test
	void endsContentThatIsMissingOrRedirectsForEverInATypedError() {
		this.api.stubFor(get(MEDIUM).willReturn(aResponse().withStatus(404).withBody("{\"code\":20404}")));
		StepVerifier.create(template().mediaContent(SID, MEDIA_SID)).verifyError(MessageRejectedException.class);
		this.api.stubFor(get(MEDIUM).willReturn(temporaryRedirect(MEDIUM)));
		StepVerifier.create(template().mediaContent(SID, MEDIA_SID))
			.verifyErrorSatisfies((failure) -> assertThat(failure).hasMessageContaining("moved more than 5 times"));
	}

	@Test
	void reportsFeedback() {
		this.api.stubFor(post(MESSAGE + "/Feedback.json").willReturn(aResponse().withStatus(201).withBody("{}")));
		template().feedback(SID, FeedbackOutcome.CONFIRMED).block();
		this.api.verify(1,
				postRequestedFor(urlEqualTo(MESSAGE + "/Feedback.json")).withRequestBody(equalTo("Outcome=confirmed")));
	}

	@Test
	void refusesSidsOfTheWrongKind() {
		StepVerifier.create(template().fetchMedia(SID, SID)).verifyError(InvalidMessageException.class);
		StepVerifier.create(template().mediaContent(MEDIA_SID, MEDIA_SID)).verifyError(InvalidMessageException.class);
		StepVerifier.create(template().listMedia("x")).verifyError(InvalidMessageException.class);
	}

	private MessagingTemplate template() {
		return TestTemplates.at(this.api.baseUrl()).build();
	}

}

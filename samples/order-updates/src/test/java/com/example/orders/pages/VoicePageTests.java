package com.example.orders.pages;

import java.net.URI;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import io.github.twiliospring.messaging.webhook.VerifiedWebhook;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.util.HtmlUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code of docs/webhooks.md for an endpoint of the application's own, called on the
 * servlet stack. {@link PagesTests} finds it here.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@EnableTwilioSimulator
@Import(VoicePageTests.Voice.class)
class VoicePageTests {

	@Autowired
	TwilioSimulator simulator;

	@LocalServerPort
	int port;

	@Test
	void aFieldOfTheFormIsARequestParameter() {
		ResponseEntity<String> answer = post(this.simulator.authToken());
		assertThat(answer.getStatusCode().value()).isEqualTo(200);
		assertThat(answer.getBody()).isEqualTo("<Response><Say>Hello, +15558675310</Say></Response>");
		assertThat(post("a-forger's-token").getStatusCode().value()).isEqualTo(403);
	}

	private ResponseEntity<String> post(String token) {
		String url = "http://localhost:" + this.port + "/voice";
		String signature = new RequestSigner(token).sign(url, Map.of("From", List.of("+15558675310")));
		return RestClient.create()
			.post()
			.uri(URI.create(url))
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.header(RequestSigner.SIGNATURE_HEADER, signature)
			.body("From=%2B15558675310")
			.retrieve()
			.onStatus((status) -> true, (request, response) -> {
			})
			.toEntity(String.class);
	}

	@RestController
	static class Voice {

		// @formatter:off
		@VerifiedWebhook
		@PostMapping(path = "/voice", produces = "application/xml")
		String voice(@RequestParam("From") String caller) {
		    return "<Response><Say>Hello, " + HtmlUtils.htmlEscape(caller) + "</Say></Response>";
		}
		// @formatter:on

	}

}

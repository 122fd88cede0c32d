package com.example.reminders;

import java.net.URI;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import io.github.twiliospring.messaging.webhook.VerifiedWebhook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.BindParam;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.HtmlUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code of docs/webhooks.md for an endpoint of the application's own, called on WebFlux.
 * The sample order-updates has the servlet stack's, and the test that compares the pages.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@EnableTwilioSimulator
@Import(VoiceTests.Voice.class)
class VoiceTests {

	@Autowired
	TwilioSimulator simulator;

	@LocalServerPort
	int port;

	@ParameterizedTest
	@ValueSource(strings = { "/voice", "/voice/form" })
	void aFormIsBoundOrRead(String path) {
		ResponseEntity<String> answer = post(path, this.simulator.authToken());
		assertThat(answer.getStatusCode().value()).isEqualTo(200);
		assertThat(answer.getBody()).isEqualTo("<Response><Say>Hello, +15558675310</Say></Response>");
		assertThat(post(path, "a-forger's-token").getStatusCode().value()).isEqualTo(403);
	}

	@Test
	void aFormIsNoRequestParameterAndNoRequestBody() {
		assertThat(post("/voice/parameter", this.simulator.authToken()).getStatusCode().value()).isEqualTo(400);
		assertThat(post("/voice/body", this.simulator.authToken()).getStatusCode().value()).isEqualTo(415);
	}

	private ResponseEntity<String> post(String path, String token) {
		String url = "http://localhost:" + this.port + path;
		String signature = new RequestSigner(token).sign(url, Map.of("From", List.of("+15558675310")));
		return WebClient.create()
			.post()
			.uri(URI.create(url))
			.contentType(MediaType.APPLICATION_FORM_URLENCODED)
			.header(RequestSigner.SIGNATURE_HEADER, signature)
			.bodyValue("From=%2B15558675310")
			.exchangeToMono((response) -> response.toEntity(String.class))
			.block();
	}

	@RestController
	static class Voice {

		// @formatter:off
		record Call(@BindParam("From") String caller, @BindParam("Digits") String digits) {
		}

		@VerifiedWebhook
		@PostMapping(path = "/voice", produces = "application/xml")
		String voice(@ModelAttribute Call call) {
		    return "<Response><Say>Hello, " + HtmlUtils.htmlEscape(call.caller()) + "</Say></Response>";
		}

		@VerifiedWebhook
		@PostMapping(path = "/voice/form", produces = "application/xml")
		Mono<String> voice(ServerWebExchange exchange) {
		    return exchange.getFormData().map((form) -> form.getFirst("From"))
		        .map((caller) -> "<Response><Say>Hello, " + HtmlUtils.htmlEscape(caller) + "</Say></Response>");
		}
		// @formatter:on

		@VerifiedWebhook
		@PostMapping(path = "/voice/body", produces = "application/xml")
		String body(@RequestBody MultiValueMap<String, String> form) {
			return "<Response><Say>Hello, " + HtmlUtils.htmlEscape(form.getFirst("From")) + "</Say></Response>";
		}

		@VerifiedWebhook
		@PostMapping("/voice/parameter")
		String parameter(@RequestParam("From") String caller) {
			return caller;
		}

	}

}

package io.github.twiliospring.messaging;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFilterFunctions;
import org.springframework.web.reactive.function.client.WebClient;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What filters and customizers of the application may do, and what they can't: whatever
 * the API answered stands.
 */
class FilterTests {

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	private static final String MESSAGE = "{\"sid\":\"" + SID + "\",\"status\":\"queued\"}";

	private static final TwilioRetryPolicies SHORT_PAUSES = TwilioRetryPolicies.exponential(3, Duration.ofMillis(1), 2,
			Duration.ofMillis(5));

	@RegisterExtension
	final WireMockExtension api = WireMockExtension.newInstance().build();

	@Test
	void aStatusErrorFilterTurnsNoDefiniteNoIntoAnUnknownOutcome() {
		stub(400, "{\"code\":21211}");
		ExchangeFilterFunction statusError = ExchangeFilterFunctions.statusError(HttpStatusCode::isError,
				(response) -> new IllegalStateException("error " + response.statusCode()));
		StepVerifier.create(template(statusError).send("+15558675310", "Hi"))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(
					MessageRejectedException.class, (rejected) -> assertThat(rejected.getCode()).isEqualTo(21211)));
		stub(500, "");
		StepVerifier.create(template(statusError).send("+15558675310", "Hi"))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(MessageOutcomeUnknownException.class)
				.hasMessageContaining("HTTP 500"));
		this.api.verify(2, anyRequestedFor(anyUrl()));
	}

	@Test
	void aFilterThatFailsAfterTheMessageWasMadeIsLoggedByItsType() {
		stub(201, MESSAGE);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		Logger logger = (Logger) LoggerFactory.getLogger(ApiClient.class);
		logger.addAppender(log);
		try {
			for (ExchangeFilterFunction failing : List.<ExchangeFilterFunction>of(
					(request, next) -> next.exchange(request)
						.flatMap((response) -> Mono.error(new IllegalStateException("+15558675310"))),
					(request, next) -> next.exchange(request).flatMap(ClientResponse::createError),
					(request, next) -> next.exchange(request)
						.flatMap((response) -> response.bodyToMono(Integer.class))
						.thenReturn(ClientResponse.create(HttpStatus.OK).build()),
					(request, next) -> next.exchange(request).then(Mono.empty()))) {
				assertThat(template(failing).send("+15558675310", "Hi").block().sid()).isEqualTo(SID);
			}
		}
		finally {
			logger.detachAppender(log);
		}
		assertThat(log.list).isNotEmpty()
			.allSatisfy((event) -> assertThat(event.getFormattedMessage()).contains("A filter failed after the API had")
				.doesNotContain("5558675310"));
		this.api.verify(4, postRequestedFor(anyUrl()));
	}

	@Test
	void aFilterThatRewritesTheAnswerChangesNothing() {
		stub(429, "{\"code\":20429}");
		ExchangeFilterFunction optimist = (request, next) -> next.exchange(request)
			.map((response) -> ClientResponse.create(HttpStatus.CREATED).body(MESSAGE).build());
		StepVerifier.create(template(optimist).send("+15558675310", "Hi")).verifyError(MessageRejectedException.class);
		this.api.verify(3, postRequestedFor(anyUrl()));
	}

	@Test
	void aFilterThatThinksPastTheDeadlineKeepsNoMessageFromBeingReported() {
		stub(201, MESSAGE);
		ExchangeFilterFunction slow = (request, next) -> next.exchange(request).flatMap((response) -> Mono.never());
		assertThat(builder(slow).deadline(Duration.ofSeconds(3)).build().send("+15558675310", "Hi").block().sid())
			.isEqualTo(SID);
	}

	@Test
	void aFilterSeesTheWholeAnswerAndTheWholeQuery() {
		stub(200, "{\"messages\":[],\"filler\":\"" + "x".repeat(300_000) + "\"}");
		List<Object> seen = new ArrayList<>();
		ExchangeFilterFunction reading = (request, next) -> next.exchange(request)
			.doOnNext((response) -> seen.add(request.url().getRawQuery()))
			.flatMap((response) -> response.bodyToMono(String.class).map((body) -> {
				seen.add(body.length());
				return response;
			}));
		template(reading).list(MessageQuery.query().to("+15558675310")).blockLast();
		assertThat(seen).hasSize(2);
		assertThat(seen.get(0)).isEqualTo("PageSize=50&To=%2B15558675310");
		assertThat((Integer) seen.get(1)).isGreaterThan(300_000);
	}

	@Test
	void aFilterMayAnswerInPlaceOfTheApi() {
		ExchangeFilterFunction stub = (request, next) -> Mono
			.just(ClientResponse.create(HttpStatus.CREATED).body(MESSAGE).build());
		assertThat(template(stub).send("+15558675310", "Hi").block().sid()).isEqualTo(SID);
		this.api.verify(0, anyRequestedFor(anyUrl()));
	}

	@Test
	void aFiltersFallbackIsNotBelievedOnceTheRequestIsOnItsWay() throws Exception {
		for (HttpStatus fallback : List.of(HttpStatus.TOO_MANY_REQUESTS, HttpStatus.BAD_REQUEST, HttpStatus.CREATED)) {
			ExchangeFilterFunction breaker = (request, next) -> next.exchange(request)
				.onErrorReturn(ClientResponse.create(fallback).body(MESSAGE).build());
			try (RawServer server = new RawServer(Fault.RST_AFTER_READING.behaviour())) {
				StepVerifier.create(TestTemplates.at(server.url()).filter(breaker).build().send("+15558675310", "Hi"))
					.verifyError(MessageOutcomeUnknownException.class);
				assertThat(server.creates()).isOne();
			}
		}
	}

	@Test
	void noCredentialsOfAnybodyReachTheHostThatAMediumMovedTo() throws Exception {
		List<String> heads = new ArrayList<>();
		try (RawServer storage = new RawServer((exchange) -> {
			exchange.onHead(heads::add);
			exchange.read();
			return exchange.answer(200, "picture");
		}); RawServer moved = new RawServer((exchange) -> {
			exchange.read();
			return exchange.answer(307, "", "Location: " + storage.url() + "/bucket");
		})) {
			TestTemplates.at(moved.url())
				.webClient((builder) -> builder.defaultHeader("Authorization", "Bearer application")
					.defaultCookie("session", "secret"))
				.build()
				.mediaContent(SID, "ME0123456789abcdef0123456789abcdef")
				.doOnNext(DataBufferUtils::release)
				.blockLast();
		}
		assertThat(String.join("\n", heads).toLowerCase(java.util.Locale.ROOT)).contains("accept")
			.doesNotContain("authorization", "cookie");
	}

	@Test
	void aFilterMayAskAnotherHostFirstWhichSeesNoCredentialsOfOurs() throws Exception {
		stub(201, MESSAGE);
		List<String> heads = new ArrayList<>();
		try (RawServer tokens = new RawServer((exchange) -> {
			exchange.onHead(heads::add);
			exchange.read();
			return exchange.answer(200, "token");
		})) {
			ExchangeFilterFunction filter = (request, next) -> next
				.exchange(ClientRequest.create(HttpMethod.GET, URI.create(tokens.url() + "/token"))
					.headers((headers) -> headers.setBearerAuth("own"))
					.build())
				.flatMap((response) -> response.bodyToMono(String.class))
				.flatMap((token) -> next.exchange(ClientRequest.from(request).header("X-Token", token).build()));
			assertThat(template(filter).send("+15558675310", "Hi").block().sid()).isEqualTo(SID);
		}
		assertThat(heads.stream().filter((line) -> line.contains("uthorization")))
			.containsExactly("Authorization: Bearer own");
		this.api.verify(1,
				postRequestedFor(anyUrl()).withHeader("X-Token", equalTo("token"))
					.withBasicAuth(new com.github.tomakehurst.wiremock.client.BasicCredentials(
							TestTemplates.ACCOUNT_SID, TestTemplates.AUTH_TOKEN)));
	}

	@Test
	void aFilterThatRefusesLeavesTheMessageUnsent() {
		ExchangeFilterFunction refusing = (request, next) -> Mono.error(new IllegalStateException("not now"));
		StepVerifier.create(template(refusing).send("+15558675310", "Hi")).verifyError(MessageNotSentException.class);
		StepVerifier.create(template((request, next) -> Mono.empty()).send("+15558675310", "Hi"))
			.verifyError(MessageNotSentException.class);
		this.api.verify(0, anyRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\r\nX-More: b", "a\u0000", " a" })
	void aFilterWhoseHeaderCannotBeWrittenLeavesTheMessageUnsent(String value) {
		stub(201, MESSAGE);
		ExchangeFilterFunction writing = (request, next) -> next
			.exchange(ClientRequest.from(request).header("X-Tenant", value).build());
		StepVerifier.create(template(writing).send("+15558675310", "Hi"))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(MessageNotSentException.class)
				.hasMessageContaining("IllegalArgumentException"));
		this.api.verify(0, anyRequestedFor(anyUrl()));
	}

	@Test
	void neitherFilterNorDefaultHeaderReplacesTheCredentials() {
		stub(201, MESSAGE);
		List<ClientRequest> seen = new ArrayList<>();
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl())
			.webClient((builder) -> builder.defaultHeaders((headers) -> headers.setBearerAuth("general")))
			.filter(ExchangeFilterFunctions.basicAuthentication("somebody", "else"))
			.filter((request, next) -> {
				seen.add(request);
				return next.exchange(ClientRequest.from(request)
					.httpRequest((outgoing) -> outgoing
						.beforeCommit(() -> Mono.fromRunnable(() -> outgoing.getHeaders().setBearerAuth("late"))))
					.build());
			})
			.build();
		template.send("+15558675310", "Hi").block();
		template.fetch(SID).block();
		this.api.verify(2,
				anyRequestedFor(anyUrl()).withBasicAuth(new com.github.tomakehurst.wiremock.client.BasicCredentials(
						TestTemplates.ACCOUNT_SID, TestTemplates.AUTH_TOKEN)));
		assertThat(seen).hasSize(2)
			.allSatisfy((request) -> assertThat(request.headers().toString()).doesNotContain(TestTemplates.AUTH_TOKEN));
	}

	@Test
	void credentialsAreAskedForAtEachAttemptAndSoCanBeReplaced() {
		AtomicReference<String> token = new AtomicReference<>("old");
		this.api.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(429)));
		MessagingTemplate template = MessagingTemplate
			.builder(() -> ApiCredentials.ofApiKey(TestTemplates.ACCOUNT_SID, "SK0123456789abcdef0123456789abcdef",
					token.getAndSet("new")))
			.baseUrl(java.net.URI.create(this.api.baseUrl()))
			.retryPolicies(SHORT_PAUSES)
			.from("+15017122661")
			.build();
		token.set("old");
		StepVerifier.create(template.send("+15558675310", "Hi")).verifyError(MessageRejectedException.class);
		this.api.verify(1, postRequestedFor(anyUrl()).withHeader("Authorization", equalTo(basic("old"))));
		this.api.verify(2, postRequestedFor(anyUrl()).withHeader("Authorization", equalTo(basic("new"))));
	}

	@Test
	void credentialsThatCannotBeHadLeaveTheMessageUnsent() {
		AtomicInteger asked = new AtomicInteger();
		MessagingTemplate template = MessagingTemplate.builder(() -> {
			if (asked.getAndIncrement() > 0) {
				throw new IllegalStateException("the vault is closed");
			}
			return ApiCredentials.ofAuthToken(TestTemplates.ACCOUNT_SID, "x");
		}).baseUrl(java.net.URI.create(this.api.baseUrl())).retryPolicies(SHORT_PAUSES).from("+15017122661").build();
		StepVerifier.create(template.send("+15558675310", "Hi")).verifyError(MessageNotSentException.class);
		this.api.verify(0, anyRequestedFor(anyUrl()));
	}

	@Test
	void defaultHeadersAndCookiesGoAlongAndWhatCannotBeTakenIsTold() {
		stub(201, MESSAGE);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		Logger logger = (Logger) LoggerFactory.getLogger(RequestCustomizations.class);
		logger.addAppender(log);
		try {
			TestTemplates.at(this.api.baseUrl())
				.webClient((builder) -> builder.defaultHeader("X-Tenant", "7").defaultCookie("a", "b"))
				.webClient(
						(builder) -> builder.apply((same) -> same.defaultRequest((request) -> request.header("X", "y"))
							.defaultStatusHandler(HttpStatusCode::isError, ClientResponse::createException)))
				.webClient(WebClient.Builder::clone)
				.build()
				.send("+15558675310", "Hi")
				.block();
		}
		finally {
			logger.detachAppender(log);
		}
		this.api.verify(1,
				postRequestedFor(anyUrl()).withHeader("X-Tenant", equalTo("7"))
					.withHeader("Accept", equalTo("application/json"))
					.withCookie("a", equalTo("b"))
					.withoutHeader("X"));
		assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage)
			.anyMatch((line) -> line.contains("calls defaultRequest"))
			.anyMatch((line) -> line.contains("calls defaultStatusHandler"))
			.hasSize(2);
	}

	private MessagingTemplate template(ExchangeFilterFunction filter) {
		return builder(filter).build();
	}

	private MessagingTemplateBuilder builder(ExchangeFilterFunction filter) {
		return TestTemplates.at(this.api.baseUrl()).filter(filter);
	}

	private void stub(int status, String body) {
		this.api.stubFor(any(anyUrl())
			.willReturn(aResponse().withStatus(status).withHeader("Content-Type", "application/json").withBody(body)));
	}

	private static String basic(String secret) {
		return "Basic " + java.util.Base64.getEncoder()
			.encodeToString(("SK0123456789abcdef0123456789abcdef:" + secret).getBytes());
	}

}

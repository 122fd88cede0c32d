package io.github.twiliospring.messaging.observation;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.ReactorNettyConnector;
import io.github.twiliospring.messaging.TestTemplates;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientRequestObservationContext;
import org.springframework.web.reactive.function.client.DefaultClientRequestObservationConvention;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessagingObservationTests {

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	private static final String MEDIA_SID = "ME0123456789abcdef0123456789abcdef";

	@RegisterExtension
	final WireMockExtension api = WireMockExtension.newInstance().build();

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	@Test
	void observesASendWithKeysOfClosedSets() {
		stub(aResponse().withStatus(201).withBody("{\"sid\":\"SM1\"}"));
		template(this.registry).send("whatsapp:+15558675310", "Hi").block();
		assertThat(this.registry).hasObservationWithNameEqualTo("twilio.messaging.operations")
			.that()
			.hasNameEqualTo("twilio.messaging.operations")
			.hasContextualNameEqualTo("twilio create")
			.hasLowCardinalityKeyValue("twilio.messaging.operation", "create")
			.hasLowCardinalityKeyValue("twilio.messaging.outcome", "accepted")
			.hasLowCardinalityKeyValue("twilio.messaging.channel", "whatsapp")
			.hasLowCardinalityKeyValue("twilio.messaging.error.category", "none")
			.hasBeenStarted()
			.hasBeenStopped();
	}

	@Test
	void namesTheOutcomeAndTheCategoryOfAFailure() {
		stub(aResponse().withStatus(400).withBody("{\"code\":21610}"));
		template(this.registry).send("+15558675310", "Hi").onErrorComplete().block();
		assertThat(this.registry).hasObservationWithNameEqualTo("twilio.messaging.operations")
			.that()
			.hasLowCardinalityKeyValue("twilio.messaging.outcome", "rejected")
			.hasLowCardinalityKeyValue("twilio.messaging.error.category", "opted_out");
		this.registry.clear();
		template(this.registry).send("nonsense", "").onErrorComplete().block();
		assertThat(this.registry).hasObservationWithNameEqualTo("twilio.messaging.operations")
			.that()
			.hasLowCardinalityKeyValue("twilio.messaging.outcome", "invalid");
	}

	@Test
	void countsWhatIsRefusedBeforeARequestAsInvalid() {
		MessagingTemplate template = template(this.registry);
		Map<String, Publisher<?>> calls = Map.of("fetch", template.fetch("SM1"), "cancel", template.cancel("SM1"),
				"delete_media", template.deleteMedia("SM1", "ME1"), "list",
				template.list(MessageQuery.query().pageSize(0)), "list_media", template.listMedia("SM1"),
				"media_content", template.mediaContent("SM1", "ME1"));
		calls.forEach((operation, call) -> {
			Flux.from(call).onErrorComplete().blockLast();
			assertThat(this.registry).hasObservationWithNameEqualTo("twilio.messaging.operations")
				.that()
				.hasLowCardinalityKeyValue("twilio.messaging.operation", operation)
				.hasLowCardinalityKeyValue("twilio.messaging.outcome", "invalid")
				.hasBeenStopped();
			this.registry.clear();
		});
	}

	@Test
	void observesTheContentOfAMediumUntilItsLastByte() {
		stub(aResponse().withStatus(200).withBody("picture"));
		template(this.registry).mediaContent(SID, MEDIA_SID)
			.doOnNext(DataBufferUtils::release)
			.doOnNext((buffer) -> assertThat(this.registry).hasObservationWithNameEqualTo("twilio.messaging.operations")
				.that()
				.isNotStopped())
			.blockLast();
		assertThat(this.registry).hasObservationWithNameEqualTo("twilio.messaging.operations")
			.that()
			.hasContextualNameEqualTo("twilio media_content")
			.hasLowCardinalityKeyValue("twilio.messaging.operation", "media_content")
			.hasLowCardinalityKeyValue("twilio.messaging.outcome", "accepted")
			.hasBeenStopped();
	}

	@Test
	void tellsContentWhoseReaderStopsFromContentThatBreaksOff() {
		stub(aResponse().withStatus(200).withFault(Fault.RANDOM_DATA_THEN_CLOSE));
		MessagingTemplate template = template(this.registry);
		template.mediaContent(SID, MEDIA_SID).onErrorComplete().blockLast();
		assertThat(this.registry).hasObservationWithNameEqualTo("twilio.messaging.operations")
			.that()
			.hasLowCardinalityKeyValue("twilio.messaging.outcome", "unavailable")
			.hasBeenStopped();
		this.registry.clear();
		stub(aResponse().withStatus(200).withChunkedDribbleDelay(10, 5000).withBody("picture of a house"));
		template.mediaContent(SID, MEDIA_SID).doOnNext(DataBufferUtils::release).take(1).blockLast();
		assertThat(this.registry).hasObservationWithNameEqualTo("twilio.messaging.operations")
			.that()
			.hasLowCardinalityKeyValue("twilio.messaging.outcome", "canceled")
			.hasBeenStopped();
	}

	@Test
	void countsRetriesAndTimesTheWhole() {
		MeterRegistry meters = new SimpleMeterRegistry();
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
		stub(aResponse().withStatus(429));
		template(observations).send("+15558675310", "Hi").onErrorComplete().block();
		assertThat(meters.get("twilio.messaging.operations").timer().count()).isOne();
		assertThat(meters.get("twilio.messaging.operations.retry").tag("twilio.messaging.outcome", "none").counter())
			.isNotNull();
		assertThat(meters.get("twilio.messaging.operations.retry").counter().count()).isEqualTo(2);
		assertThat(meters.get("twilio.messaging.operations").timer().getId().getTags()).contains(
				Tag.of("twilio.messaging.outcome", "rejected"),
				Tag.of("twilio.messaging.error.category", "queue_full"));
	}

	@Test
	void sendsWhereAHandlerFailsToStart() {
		MeterRegistry meters = new SimpleMeterRegistry();
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
		observations.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStart(Observation.Context context) {
				throw new IllegalStateException("no tracer");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return context instanceof MessagingObservationContext;
			}

		});
		stub(aResponse().withStatus(201).withBody("{\"sid\":\"SM1\"}"));
		assertThat(template(observations).send("+15558675310", "Hi").block().sid()).isEqualTo("SM1");
		stub(aResponse().withStatus(200).withBody("{\"messages\":[{\"sid\":\"SM1\"}]}"));
		assertThat(template(observations).list(MessageQuery.query()).collectList().block()).hasSize(1);
		assertThat(meters.get("twilio.messaging.operations").timers()).hasSize(2);
		assertThat(meters.get("twilio.messaging.operations.active").longTaskTimers())
			.allSatisfy((timer) -> assertThat(timer.activeTasks()).isZero());
	}

	static Stream<MessagingTemplateBuilder> failing() {
		return Stream.of(MessagingTemplate.builder(() -> {
			throw new IllegalStateException("the vault is closed");
		}).subaccount(TestTemplates.ACCOUNT_SID), TestTemplates.at("http://localhost").connector(() -> {
			throw new IllegalStateException("no client");
		}, false));
	}

	@ParameterizedTest
	@MethodSource("failing")
	void leavesNothingActiveWhereCredentialsOrClientCannotBeHad(MessagingTemplateBuilder builder) {
		MeterRegistry meters = new SimpleMeterRegistry();
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
		MessagingTemplate template = builder.messagingServiceSid(TestTemplates.SERVICE_SID)
			.observationRegistry(observations)
			.build();
		assertThatExceptionOfType(MessageNotSentException.class)
			.isThrownBy(() -> template.send("+15558675310", "Hi").block());
		assertThat(meters.get("twilio.messaging.operations").timer().count()).isOne();
		assertThat(meters.find("http.client.requests.active").longTaskTimers())
			.allSatisfy((timer) -> assertThat(timer.activeTasks()).isZero());
	}

	@Test
	void letsFiltersFindTheObservationInTheReactorContext() {
		stub(aResponse().withStatus(200).withBody("{\"messages\":[]}"));
		StringBuilder found = new StringBuilder();
		ExchangeFilterFunction filter = (request, next) -> Mono.deferContextual((context) -> {
			found.append(context.hasKey("micrometer.observation"))
				.append(' ')
				.append(request.attributes().get(WebClient.class.getName() + ".uriTemplate"));
			return next.exchange(request);
		});
		TestTemplates.at(this.api.baseUrl())
			.filter(filter)
			.observationRegistry(this.registry)
			.build()
			.list(MessageQuery.query().to("+15558675310"))
			.blockLast();
		assertThat(found.toString()).startsWith("true ").endsWith("/2010-04-01/Accounts/{AccountSid}/Messages.json");
	}

	@Test
	void namesARequestAsBootsOwnConventionWithTheFailuresRealType() {
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl())
			.observationRegistry(this.registry)
			.webClient((client) -> client
				.observationConvention(new DefaultClientRequestObservationConvention("orders.http")))
			.build();
		stub(aResponse().withStatus(200).withBody("{\"sid\":\"" + SID + "\"}"));
		template.fetch(SID).block();
		String url = this.api.baseUrl() + "/2010-04-01/Accounts/" + TestTemplates.ACCOUNT_SID + "/Messages/" + SID
				+ ".json";
		assertThat(this.registry).hasObservationWithNameEqualTo("orders.http")
			.that()
			.hasContextualNameEqualTo("http get")
			.hasOnlyKeys("client.name", "exception", "method", "outcome", "status", "uri", "http.url")
			.hasLowCardinalityKeyValue("client.name", "localhost")
			.hasLowCardinalityKeyValue("exception", "none")
			.hasLowCardinalityKeyValue("method", "GET")
			.hasLowCardinalityKeyValue("outcome", "SUCCESS")
			.hasLowCardinalityKeyValue("status", "200")
			.hasLowCardinalityKeyValue("uri", "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json")
			.hasHighCardinalityKeyValue("http.url", url);
		this.registry.clear();
		stub(aResponse().withStatus(404).withBody("{\"code\":20404}"));
		template.fetch(SID).onErrorComplete().block();
		assertThat(this.registry).hasObservationWithNameEqualTo("orders.http")
			.that()
			.hasLowCardinalityKeyValue("outcome", "CLIENT_ERROR")
			.hasLowCardinalityKeyValue("status", "404");
		this.registry.clear();
		stub(aResponse().withFault(Fault.EMPTY_RESPONSE));
		template.send("+15558675310", "Hi").onErrorComplete().block();
		assertThat(this.registry).hasObservationWithNameEqualTo("orders.http")
			.that()
			.hasLowCardinalityKeyValue("outcome", "UNKNOWN")
			.hasLowCardinalityKeyValue("status", "IO_ERROR")
			.hasLowCardinalityKeyValue("exception", "PrematureCloseException")
			.hasLowCardinalityKeyValue("uri", "/2010-04-01/Accounts/{AccountSid}/Messages.json");
	}

	@Test
	void takesAlongWhatATraceAddsToARequestAndToNoOther() {
		stub(aResponse().withStatus(200).withHeader("X-Region", "ie1").withBody("{\"sid\":\"" + SID + "\"}"));
		AtomicInteger calls = new AtomicInteger();
		Queue<String> seen = new ConcurrentLinkedQueue<>();
		this.registry.observationConfig().observationHandler(new ObservationHandler<ClientRequestObservationContext>() {

			@Override
			public void onStart(ClientRequestObservationContext context) {
				if (calls.getAndIncrement() == 0) {
					context.getSetter().set(context.getCarrier(), "traceparent", "00-1-2-01");
					context.getCarrier().cookie("session", "1").attribute("color", "blue");
				}
				else {
					assertThatExceptionOfType(UnsupportedOperationException.class)
						.isThrownBy(() -> new HttpHeaders(context.getRequest().headers()).set("X-Secret", "1"));
				}
				seen.add(context.getRequest().url() + " " + context.getRequest().headers().getAccept());
			}

			@Override
			public void onStop(ClientRequestObservationContext context) {
				seen.add(context.getResponse().statusCode() + " " + context.getResponse().headers().header("x-region"));
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return context instanceof ClientRequestObservationContext;
			}

		});
		MessagingTemplate template = template(this.registry);
		template.fetch(SID).block();
		template.fetch(SID).block();
		String url = this.api.baseUrl() + "/2010-04-01/Accounts/" + TestTemplates.ACCOUNT_SID + "/Messages/" + SID
				+ ".json";
		assertThat(seen).containsExactly(url + " [application/json]", "200 OK [ie1]", url + " [application/json]",
				"200 OK [ie1]");
		this.api.verify(1, getRequestedFor(anyUrl()).withHeader("traceparent", equalTo("00-1-2-01"))
			.withCookie("session", equalTo("1")));
		this.api.verify(2,
				getRequestedFor(anyUrl()).withHeader("accept", equalTo("application/json")).withoutHeader("x-secret"));
	}

	@ParameterizedTest
	@MethodSource
	void sendsWithoutWhatAHandlerAddsThatNoRequestCanHave(Consumer<ClientRequest.Builder> handler,
			ClientHttpConnector connector) {
		MeterRegistry meters = new SimpleMeterRegistry();
		this.registry.observationConfig()
			.observationHandler(new DefaultMeterObservationHandler(meters))
			.observationHandler(new ObservationHandler<ClientRequestObservationContext>() {

				@Override
				public void onStart(ClientRequestObservationContext context) {
					handler.accept(context.getCarrier().header("traceparent", "00-1-2-01"));
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return context instanceof ClientRequestObservationContext;
				}

			});
		stub(aResponse().withStatus(201).withBody("{\"sid\":\"SM1\"}"));
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl())
			.connector(connector)
			.observationRegistry(this.registry)
			.build();
		assertThat(template.send("+15558675310", "Hi").block().sid()).isEqualTo("SM1");
		assertThat(meters.get("http.client.requests.active").longTaskTimer().activeTasks()).isZero();
	}

	// A tracer writes what came with a request of the application's caller.
	static List<Arguments> sendsWithoutWhatAHandlerAddsThatNoRequestCanHave() {
		Map<String, Consumer<ClientRequest.Builder>> handlers = Map.of("a line break",
				(request) -> request.header("baggage", "user=a\r\nX-More: b"), "a zero byte",
				(request) -> request.header("baggage", "user=\u0000"), "no name",
				(request) -> request.header("", "user=a"), "a name of two words",
				(request) -> request.header("user name", "a"), "an emoji",
				(request) -> request.header("baggage", "user=\uD83D\uDE00"), "no cookie",
				(request) -> request.cookies((cookies) -> cookies.put("session", null)));
		return handlers.entrySet()
			.stream()
			.flatMap((handler) -> Stream
				.of(new ReactorNettyConnector(HttpClient.create()), new ReactorClientHttpConnector(HttpClient.create()),
						new JdkClientHttpConnector())
				.map((connector) -> Arguments.of(Named.of(handler.getKey(), handler.getValue()),
						Named.of(connector.getClass().getSimpleName(), connector))))
			.toList();
	}

	private MessagingTemplate template(ObservationRegistry observations) {
		return TestTemplates.at(this.api.baseUrl()).observationRegistry(observations).build();
	}

	private void stub(ResponseDefinitionBuilder response) {
		this.api.stubFor(any(anyUrl()).willReturn(response));
	}

}

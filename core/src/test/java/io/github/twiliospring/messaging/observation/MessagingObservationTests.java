package io.github.twiliospring.messaging.observation;

import java.util.Map;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.TestTemplates;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

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
			.hasEvent("attempt")
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
	void countsAttemptsAndRetriesAndTimesTheWhole() {
		MeterRegistry meters = new SimpleMeterRegistry();
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
		stub(aResponse().withStatus(429));
		template(observations).send("+15558675310", "Hi").onErrorComplete().block();
		assertThat(meters.get("twilio.messaging.operations").timer().count()).isOne();
		assertThat(meters.get("twilio.messaging.operations.attempt").counter().count()).isEqualTo(3);
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

	private MessagingTemplate template(ObservationRegistry observations) {
		return TestTemplates.at(this.api.baseUrl()).observationRegistry(observations).build();
	}

	private void stub(ResponseDefinitionBuilder response) {
		this.api.stubFor(any(anyUrl()).willReturn(response));
	}

}

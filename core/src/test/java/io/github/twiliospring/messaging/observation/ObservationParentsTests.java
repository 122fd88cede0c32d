package io.github.twiliospring.messaging.observation;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.TestTemplates;
import io.github.twiliospring.messaging.message.Message;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.web.reactive.function.client.ClientRequestObservationContext;
import org.springframework.web.reactive.function.client.DefaultClientRequestObservationConvention;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is within what, also beside {@code context-propagation}, which traced applications
 * have, and by which some of Reactor's operators open scopes of their own.
 */
class ObservationParentsTests {

	@RegisterExtension
	final WireMockExtension api = WireMockExtension.newInstance().build();

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	// Each request's parent, and what is current on the thread that starts it.
	private final Queue<String> requests = new ConcurrentLinkedQueue<>();

	@BeforeEach
	void answerAndWatch() {
		this.api.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(201).withBody("{\"sid\":\"SM1\"}")));
		this.registry.observationConfig()
			.observationHandler(new DefaultMeterObservationHandler(this.meters))
			.observationHandler(new Requests());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void sendsWhereATracerFailsToOpenAScope(int failing) {
		AtomicInteger opened = new AtomicInteger();
		this.registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onScopeOpened(Observation.Context context) {
				if (opened.incrementAndGet() == failing) {
					throw new IllegalStateException("no scope");
				}
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return !"outer".equals(context.getName());
			}

		});
		// On a thread that has another one: only there is a scope opened at all.
		Observation outer = Observation.start("outer", this.registry);
		outer.scoped(() -> {
			for (int i = 0; i < 2; i++) {
				assertThat(template().blocking().send("+15558675310", "Hi").sid()).isEqualTo("SM1");
				assertThat(this.registry.getCurrentObservation()).isSameAs(outer);
			}
		});
		outer.stop();
		assertThat(opened.get()).isGreaterThanOrEqualTo(failing);
		assertThat(this.meters.getMeters()).isNotEmpty();
		assertThat(this.meters.find("twilio.messaging.operations.active").longTaskTimers()).isNotEmpty()
			.allSatisfy((timer) -> assertThat(timer.activeTasks()).isZero());
		assertThat(this.meters.find("http.client.requests.active").longTaskTimers()).isNotEmpty()
			.allSatisfy((timer) -> assertThat(timer.activeTasks()).isZero());
	}

	@Test
	void leavesTheCallersObservationWhereOursIsSwitchedOff() {
		this.registry.observationConfig().observationPredicate((name, context) -> !name.startsWith("twilio"));
		Observation outer = Observation.start("outer", this.registry);
		template().send("+15558675310", "Hi")
			.contextWrite((context) -> context.put(ObservationThreadLocalAccessor.KEY, outer))
			.block();
		assertThat(this.requests).containsExactly("below outer, nothing current");
	}

	@Test
	void startsARequestWithinItsOperationOnAThreadThatHasAnother() {
		Observation outer = Observation.start("outer", this.registry);
		outer.scoped(() -> {
			template().blocking().send("+15558675310", "Hi");
			assertThat(this.registry.getCurrentObservation()).isSameAs(outer);
		});
		assertThat(this.requests)
			.containsExactly("below twilio.messaging.operations, twilio.messaging.operations current");
	}

	@Test
	void namesARequestByTheApplicationsConventionAheadOfAGlobalOne() {
		this.registry.observationConfig().observationConvention(new Global());
		MessagingTemplate chosen = builder().webClient(
				(client) -> client.observationConvention(new DefaultClientRequestObservationConvention("own.requests") {
				}))
			.build();
		chosen.send("+15558675310", "Hi").block();
		assertThat(this.meters.find("own.requests").timers()).hasSize(1);
		template().send("+15558675310", "Hi").block();
		assertThat(this.meters.find("global.requests").timers()).hasSize(1);
	}

	private MessagingTemplateBuilder builder() {
		return TestTemplates.at(this.api.baseUrl()).observationRegistry(this.registry);
	}

	private MessagingTemplate template() {
		return builder().build();
	}

	private final class Requests implements ObservationHandler<ClientRequestObservationContext> {

		@Override
		public void onStart(ClientRequestObservationContext context) {
			Observation current = ObservationParentsTests.this.registry.getCurrentObservation();
			ObservationParentsTests.this.requests
				.add("below " + context.getParentObservation().getContextView().getName() + ", "
						+ ((current != null) ? current.getContextView().getName() : "nothing") + " current");
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof ClientRequestObservationContext;
		}

	}

	private static final class Global extends DefaultClientRequestObservationConvention
			implements GlobalObservationConvention<ClientRequestObservationContext> {

		Global() {
			super("global.requests");
		}

	}

}

package io.github.twiliospring.messaging;

import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.message.MessageQuery;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.ExchangeFilterFunctions;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AttemptListenerTests {

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	@RegisterExtension
	final WireMockExtension api = WireMockExtension.newInstance().build();

	private final Queue<String> heard = new ConcurrentLinkedQueue<>();

	@Test
	void hearsOfEachAttemptWhateverAFilterMakesOfIt() {
		this.api.stubFor(any(anyUrl()).inScenario("busy")
			.whenScenarioStateIs(Scenario.STARTED)
			.willSetStateTo("free")
			.willReturn(aResponse().withStatus(429)));
		this.api.stubFor(any(anyUrl()).inScenario("busy")
			.whenScenarioStateIs("free")
			.willReturn(aResponse().withStatus(201).withBody("{\"sid\":\"" + SID + "\"}")));
		MessagingTemplate template = template()
			.filter(ExchangeFilterFunctions.statusError((status) -> true,
					(response) -> new IllegalStateException("not heard")))
			.build();
		assertThat(template.send("+15558675310", "Hi").block().sid()).isEqualTo(SID);
		assertThat(this.heard).containsExactly("/Messages.json 429 null", "/Messages.json 201 null");
	}

	@Test
	void hearsTheTypeOfAFailureAndNoQuery() {
		this.api.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
		MessagingTemplate template = template().build();
		assertThatExceptionOfType(MessageOutcomeUnknownException.class)
			.isThrownBy(() -> template.send("+15558675310", "Hi").block());
		assertThat(this.heard).singleElement().asString().startsWith("/Messages.json null ").endsWith("Exception");
		this.heard.clear();
		this.api.stubFor(any(anyUrl()).willReturn(okJson("{\"messages\":[]}")));
		template.list(MessageQuery.query().to("+15558675310")).blockLast();
		assertThat(this.heard).containsExactly("/Messages.json 200 null");
	}

	@Test
	void aListenerThatFailsChangesNothingForOthers() {
		this.api.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(201).withBody("{\"sid\":\"" + SID + "\"}")));
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl()).attemptListener((url, status, failure) -> {
			throw new LinkageError("+15558675310");
		}).attemptListener(this::hear).build();
		assertThat(List.of(template.send("+15558675310", "Hi").block().sid(), template.fetch(SID).block().sid()))
			.containsOnly(SID);
		assertThat(this.heard).hasSize(2);
	}

	private MessagingTemplateBuilder template() {
		return TestTemplates.at(this.api.baseUrl()).attemptListener(this::hear);
	}

	private void hear(URI url, @Nullable HttpStatusCode status, @Nullable String failure) {
		String path = url.toString().replaceFirst(".*/Accounts/" + TestTemplates.ACCOUNT_SID, "");
		this.heard.add(path + " " + ((status != null) ? status.value() : null) + " " + failure);
	}

}

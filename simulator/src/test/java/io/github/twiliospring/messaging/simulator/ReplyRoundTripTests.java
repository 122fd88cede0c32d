package io.github.twiliospring.messaging.simulator;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import io.github.twiliospring.messaging.webhook.RenderedReply;
import io.github.twiliospring.messaging.webhook.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a {@link Reply} says arrives: the library writes it, and the simulator reads it as
 * the provider would.
 */
class ReplyRoundTripTests {

	private static final MessageMatcher REPLY = MessageMatcher.direction(MessageDirection.OUTBOUND_REPLY);

	private final Map<String, String> answers = new ConcurrentHashMap<>();

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension(
			(builder) -> builder.manualClock(Instant.parse("2026-03-02T09:00:00Z")).seed(9));

	private TwilioSimulator simulator;

	private CallbackReceiver receiver;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.receiver = new CallbackReceiver();
		this.simulator.inboundUrl(this.receiver.url("/inbound"));
	}

	@AfterEach
	void stop() {
		this.receiver.close();
	}

	@Test
	void carriesRecipientSenderAndStatusCallback() {
		answer("/inbound",
				Reply.text("<Hi> & \"bye\" 😀")
					.to("+15558675311")
					.from("Owl & <\"Co\">")
					.statusCallback(URI.create(this.receiver.url("/status?a=1&b='2'")))
					.and(Reply.text("Two")));
		this.simulator.receive(ApiClient.TO, ApiClient.FROM, "Hello");
		SimulatedMessage first = this.simulator.awaitMessage(REPLY.and(MessageMatcher.sentTo("+15558675311")));
		assertThat(first.body()).isEqualTo("<Hi> & \"bye\" 😀");
		assertThat(first.from()).contains("Owl & <\"Co\">");
		SimulatedMessage second = this.simulator.awaitMessage(REPLY.and(MessageMatcher.body("Two")));
		assertThat(second.to()).isEqualTo(ApiClient.TO);
		assertThat(second.from()).contains(ApiClient.FROM);
		this.simulator.clock().advance(Duration.ofMinutes(1));
		this.simulator.awaitIdle(Duration.ofSeconds(30));
		List<String> called = this.receiver.received()
			.stream()
			.filter((request) -> first.sid().equals(request.form().get("MessageSid")))
			.map(CallbackReceiver.Received::url)
			.distinct()
			.toList();
		assertThat(called).containsExactly(this.receiver.url("/status?a=1&b='2'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "POST" })
	void leadsOnByARedirect(String method) {
		answer("/inbound",
				Reply.text("One").and(Reply.redirect(URI.create("next?a=1&b=%3C2%3E"), HttpMethod.valueOf(method))));
		answer("/next", Reply.text("Two"));
		this.simulator.receive(ApiClient.TO, ApiClient.FROM, "Hello");
		this.simulator.awaitMessage(REPLY.and(MessageMatcher.body("One")));
		this.simulator.awaitMessage(REPLY.and(MessageMatcher.body("Two")));
		CallbackReceiver.Received redirected = this.receiver.received().get(1);
		assertThat(redirected.url()).startsWith(this.receiver.url("/next?a=1&b=%3C2%3E"));
		assertThat(redirected.form()).containsEntry("Body", "Hello");
	}

	private void answer(String path, Reply reply) {
		this.answers.put(path, RenderedReply.of(reply));
		this.receiver.answer((request) -> new CallbackReceiver.Reply(200,
				this.answers.getOrDefault(URI.create(request.url()).getPath(), "<Response/>")));
	}

}

package io.github.twiliospring.messaging.benchmarks.micro;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.Segments;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The steps of a send that aren't HTTP.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark {

	private static final String OTHER_ACCOUNT_SID = "ACffffffffffffffffffffffffffffffff";

	private final OutboundMessage message = OutboundMessage.to(Fixtures.RECIPIENT)
		.from(Fixtures.FROM)
		.body(Fixtures.BODY)
		.build();

	private final MessagingTemplate template = MessagingTemplate.builder(Fixtures.ACCOUNT_SID, Fixtures.AUTH_TOKEN)
		.connector(new InMemoryConnector())
		.build();

	private final WebClient webClient = WebClient.builder()
		.baseUrl("https://api.twilio.com")
		.clientConnector(new InMemoryConnector())
		.defaultHeaders((headers) -> headers.setBasicAuth(Fixtures.ACCOUNT_SID, Fixtures.AUTH_TOKEN))
		.build();

	private final String gsmText = Fixtures.BODY.repeat(5);

	private final String unicodeText = Fixtures.BODY.repeat(5) + " \uD83D\uDE00";

	/**
	 * Builds a message, with its checks.
	 * @return the message
	 */
	@Benchmark
	public OutboundMessage build() {
		return OutboundMessage.to(Fixtures.recipient(1)).from(Fixtures.FROM).body(Fixtures.BODY).build();
	}

	/**
	 * Sends without a network: rules, form, request, answer.
	 * @return the message
	 */
	@Benchmark
	public Message send() {
		return Objects.requireNonNull(this.template.send(this.message).block());
	}

	/**
	 * The same with hand-written {@code WebClient} code.
	 * @return the message
	 */
	@Benchmark
	public Map<?, ?> sendByWebClient() {
		return Objects.requireNonNull(this.webClient.post()
			.uri("/2010-04-01/Accounts/{sid}/Messages.json", Fixtures.ACCOUNT_SID)
			.body(BodyInserters.fromFormData("To", Fixtures.RECIPIENT)
				.with("From", Fixtures.FROM)
				.with("Body", Fixtures.BODY))
			.retrieve()
			.bodyToMono(Map.class)
			.block());
	}

	/**
	 * Turns to another account.
	 * @return its template
	 */
	@Benchmark
	public MessagingTemplate forAccount() {
		return this.template.forAccount(OTHER_ACCOUNT_SID);
	}

	/**
	 * Counts the segments of 325 GSM-7 characters.
	 * @return the segments
	 */
	@Benchmark
	public Segments countGsmSegments() {
		return Segments.of(this.gsmText);
	}

	/**
	 * Counts the segments of 327 UCS-2 characters.
	 * @return the segments
	 */
	@Benchmark
	public Segments countUnicodeSegments() {
		return Segments.of(this.unicodeText);
	}

}

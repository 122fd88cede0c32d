package io.github.twiliospring.messaging.benchmarks.micro;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.client.FormEncoder;
import io.github.twiliospring.messaging.client.ResourceReader;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.Segments;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The steps of a send that aren't HTTP.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark {

	private final OutboundMessage message = OutboundMessage.to(Fixtures.recipient(1))
		.from(Fixtures.FROM)
		.body(Fixtures.BODY)
		.build();

	private final byte[] json = Fixtures.MESSAGE.getBytes(StandardCharsets.UTF_8);

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
	 * Encodes the form of a create.
	 * @return the form
	 */
	@Benchmark
	public byte[] encodeForm() {
		return FormEncoder.create(this.message);
	}

	/**
	 * Reads the answer to a create.
	 * @return the message
	 */
	@Benchmark
	public Message readJson() {
		return ResourceReader.message(this.json);
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

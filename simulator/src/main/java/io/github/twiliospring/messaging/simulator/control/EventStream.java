package io.github.twiliospring.messaging.simulator.control;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.simulator.api.Json;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happens, as server-sent events. A client that's too slow loses the oldest ones; a
 * comment every few seconds lets the server notice who has left.
 */
public final class EventStream {

	private static final int BUFFER = 2000;

	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	private final Sinks.Empty<Void> closed = Sinks.empty();

	private final Sinks.Many<String> sink = Sinks.many().multicast().directBestEffort();

	/**
	 * Has no clients yet.
	 */
	public EventStream() {
	}

	/**
	 * Tells all clients; to be called under the timeline's lock.
	 * @param type the event's name
	 * @param data made only if someone listens
	 */
	public void publish(String type, Supplier<ObjectNode> data) {
		if (this.sink.currentSubscriberCount() > 0) {
			String json = new String(Json.bytes(data.get()), StandardCharsets.UTF_8);
			this.sink.tryEmitNext("event: " + type + "\ndata: " + json + "\n\n");
		}
	}

	/**
	 * The events from now on.
	 * @param now the present on the simulator's clock, told first
	 * @return each event as it stands on the wire
	 */
	public Publisher<String> events(Instant now) {
		String hello = "event: hello\ndata: {\"now\":\"" + now + "\"}\n\n";
		Flux<String> events = this.sink.asFlux().onBackpressureBuffer(BUFFER, (lost) -> {
		}, BufferOverflowStrategy.DROP_OLDEST);
		return Flux.merge(Flux.just(hello), events, Flux.interval(HEARTBEAT).map((beat) -> ":\n\n"))
			.takeUntilOther(this.closed.asMono());
	}

	/**
	 * Ends all streams.
	 */
	public void close() {
		this.closed.tryEmitEmpty();
	}

}

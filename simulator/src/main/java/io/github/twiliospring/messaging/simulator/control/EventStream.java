package io.github.twiliospring.messaging.simulator.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.simulator.engine.ApiCall;
import io.github.twiliospring.messaging.simulator.engine.Callback;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.WorldListener;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What happens, as server-sent events. A client that's too slow loses the oldest ones,
 * and sees it by their numbers; a beat every few seconds lets the server notice who has
 * left, and the client that its connection died without a word.
 */
public final class EventStream implements WorldListener {

	private static final int BUFFER = 2000;

	private final Sinks.Empty<Void> closed = Sinks.empty();

	private final Sinks.Many<String> sink = Sinks.many().multicast().directBestEffort();

	private final boolean manual;

	private final Duration heartbeat;

	private volatile long number;

	/**
	 * Has no clients yet.
	 * @param manual whether the clock is a manual one
	 * @param heartbeat how long after a beat comes the next one, in real time
	 */
	public EventStream(boolean manual, Duration heartbeat) {
		this.manual = manual;
		this.heartbeat = heartbeat;
	}

	@Override
	public void message(StoredMessage message, boolean initial) {
		publish("message", () -> ControlJson.message(message));
	}

	@Override
	public void edited(StoredMessage message) {
		publish("message", () -> ControlJson.message(message));
	}

	@Override
	public void removed(StoredMessage message) {
		publish("removed", () -> Map.of("sid", message.sid()));
	}

	@Override
	public void callback(Callback callback) {
		publish("callback", () -> ControlJson.Callback.of(callback));
	}

	@Override
	public void call(ApiCall call) {
		publish("request", () -> call);
	}

	@Override
	public void rules() {
		publish("rules", Map::of);
	}

	@Override
	public void clock(Instant now) {
		publish("clock", () -> new ControlJson.Clock(now, this.manual));
	}

	@Override
	public void reset(@Nullable String accountSid) {
		publish("reset", () -> (accountSid != null) ? new Forms.OfAccount(accountSid) : Map.of());
	}

	/** Tells all clients, inside the world; the data are made only if someone listens. */
	private void publish(String type, Supplier<Object> data) {
		if (this.sink.currentSubscriberCount() > 0) {
			long next = this.number + 1;
			this.number = next;
			this.sink.tryEmitNext(event(type, ControlJson.MAPPER.writeValueAsString(data.get()), next));
		}
	}

	/**
	 * The events from now on.
	 * @param now the present on the simulator's clock, told first
	 * @return each event as it stands on the wire
	 */
	public Publisher<String> events(Instant now) {
		Flux<String> events = this.sink.asFlux().onBackpressureBuffer(BUFFER, (lost) -> {
		}, BufferOverflowStrategy.DROP_OLDEST);
		// Who reads nothing needs no second beat.
		Flux<String> beats = Flux.interval(this.heartbeat)
			.onBackpressureDrop()
			.map((beat) -> "event: beat\ndata: {}\n\n");
		// Who has been greeted misses nothing: the greeting comes once it's subscribed,
		// and names the number before the first that it may see.
		return Flux.defer(() -> Flux.merge(events, Flux.just(hello(now)), beats)).takeUntilOther(this.closed.asMono());
	}

	private String hello(Instant now) {
		return event("hello",
				ControlJson.MAPPER.writeValueAsString(new ControlJson.Hello(now, this.heartbeat.toMillis())),
				this.number);
	}

	private static String event(String type, String data, long number) {
		return "event: " + type + "\ndata: " + data + "\nid: " + number + "\n\n";
	}

	/**
	 * Ends all streams.
	 */
	public void close() {
		this.closed.tryEmitEmpty();
	}

}

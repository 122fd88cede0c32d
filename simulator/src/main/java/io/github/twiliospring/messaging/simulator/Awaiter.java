package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.engine.OneTimeCodes;
import io.github.twiliospring.messaging.simulator.engine.Callback;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.engine.World;
import org.jspecify.annotations.Nullable;

/**
 * Waits for what happens in a simulator: woken by every change, never polling.
 */
final class Awaiter {

	private static final int DESCRIBED = 20;

	private static final String REAL_PORT = "In a test of Spring Boot, the starter fills it in where the application has"
			+ " a real port: webEnvironment = RANDOM_PORT";

	private final Timeline timeline;

	Awaiter(Timeline timeline) {
		this.timeline = timeline;
	}

	SimulatedMessage message(MessageMatcher matcher, Duration timeout) {
		SimulatedMessage found = await((world) -> latest(messages(world), matcher), timeout);
		if (found == null) {
			throw new AssertionError("No message " + matcher + " within " + timeout
					+ described("messages", Awaiter::messages) + unanswerable());
		}
		return found;
	}

	String code(String to, Duration timeout) {
		SimulatedMessage message = message(MessageMatcher.sentTo(to)
			.and(MessageMatcher.matching("that tells a code",
					(candidate) -> OneTimeCodes.find(candidate.body()) != null)),
				timeout);
		return String.valueOf(OneTimeCodes.find(message.body()));
	}

	SimulatedCallback callback(MessageMatcher matcher, MessageStatus status, Duration timeout) {
		Predicate<Callback> wanted = (callback) -> isDone(callback) && status.value().equals(callback.reportedStatus())
				&& matcher.matches(SimulatedMessage.of(callback.message()));
		SimulatedCallback found = await((world) -> world.callbackLog()
			.all()
			.stream()
			.filter(wanted)
			.findFirst()
			.map(SimulatedCallback::of)
			.orElse(null), timeout);
		if (found == null) {
			throw new AssertionError("No callback " + status.value() + " for a message " + matcher + " within "
					+ timeout + described("callbacks", Awaiter::callbacks) + unreported(matcher));
		}
		return found;
	}

	private String unreported(MessageMatcher matcher) {
		SimulatedMessage message = latest(this.timeline.call(Awaiter::messages), matcher);
		return (message != null && message.statusCallback() == null)
				? ". The message " + message.sid() + " names no StatusCallback URL. " + REAL_PORT : "";
	}

	void idle(Duration timeout) {
		if (await((world) -> world.callbacks().isIdle() ? Boolean.TRUE : null, timeout) == null) {
			throw new AssertionError(
					"Callbacks are still under way after " + timeout + described("callbacks", Awaiter::callbacks));
		}
	}

	static List<SimulatedMessage> messages(World world) {
		return world.messages().stream().map(SimulatedMessage::of).toList();
	}

	static List<SimulatedCallback> callbacks(World world) {
		return world.callbackLog().all().stream().map(SimulatedCallback::of).toList();
	}

	/** The latest few: whoever reads a failed test needs no thousands. */
	private String described(String name, Function<World, ? extends List<?>> what) {
		List<?> all = this.timeline.call(what::apply);
		int more = all.size() - DESCRIBED;
		return ". The " + name + " there were: " + (all.isEmpty() ? "none"
				: (more > 0) ? all.subList(more, all.size()) + " and " + more + " before these" : all.toString());
	}

	// Whoever waits for the answer to an incoming message waits for a message.
	private String unanswerable() {
		return this.timeline.call((world) -> {
			List<SimulatedMessage> all = messages(world);
			if (all.isEmpty() || !callbacks(world).isEmpty()) {
				return "";
			}
			SimulatedMessage last = all.get(all.size() - 1);
			return (last.direction() == MessageDirection.INBOUND)
					? ". The incoming message " + last.sid() + " went nowhere: no URL is set for it. " + REAL_PORT : "";
		});
	}

	private <T> @Nullable T await(Function<World, @Nullable T> probe, Duration timeout) {
		try {
			return this.timeline.await(probe, timeout);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting", ex);
		}
	}

	private static boolean isDone(Callback callback) {
		return callback.state() == Callback.State.DELIVERED || callback.state() == Callback.State.FAILED;
	}

	private static @Nullable SimulatedMessage latest(List<SimulatedMessage> messages, MessageMatcher matcher) {
		for (int i = messages.size() - 1; i >= 0; i--) {
			if (matcher.matches(messages.get(i))) {
				return messages.get(i);
			}
		}
		return null;
	}

}

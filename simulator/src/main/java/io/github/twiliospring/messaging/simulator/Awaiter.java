package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.callback.Callback;
import io.github.twiliospring.messaging.simulator.control.Simulation;
import org.jspecify.annotations.Nullable;

/**
 * Waits for what happens in a simulator: woken by every change, never polling.
 */
final class Awaiter {

	private static final int DESCRIBED = 20;

	private static final String REAL_PORT = "In a test of Spring Boot, the starter fills it in where the application has"
			+ " a real port: webEnvironment = RANDOM_PORT";

	private final Simulation simulation;

	Awaiter(Simulation simulation) {
		this.simulation = simulation;
	}

	SimulatedMessage message(MessageMatcher matcher, Duration timeout) {
		SimulatedMessage found = await(() -> latest(messages(), matcher), timeout);
		if (found == null) {
			throw new AssertionError("No message " + matcher + " within " + timeout
					+ described("messages", this::messages) + unanswerable());
		}
		return found;
	}

	SimulatedCallback callback(MessageMatcher matcher, MessageStatus status, Duration timeout) {
		Predicate<Callback> wanted = (callback) -> isDone(callback) && status.value().equals(callback.reportedStatus())
				&& matcher.matches(SimulatedMessage.of(callback.message()));
		SimulatedCallback found = await(() -> this.simulation.callbackLog()
			.all()
			.stream()
			.filter(wanted)
			.findFirst()
			.map(SimulatedCallback::of)
			.orElse(null), timeout);
		if (found == null) {
			throw new AssertionError("No callback " + status.value() + " for a message " + matcher + " within "
					+ timeout + described("callbacks", this::callbacks) + unreported(matcher));
		}
		return found;
	}

	private String unreported(MessageMatcher matcher) {
		SimulatedMessage message = latest(this.simulation.timeline().call(this::messages), matcher);
		return (message != null && message.statusCallback().isEmpty())
				? ". The message " + message.sid() + " names no StatusCallback URL. " + REAL_PORT : "";
	}

	void idle(Duration timeout) {
		if (await(() -> this.simulation.dispatcher().isIdle() ? Boolean.TRUE : null, timeout) == null) {
			throw new AssertionError(
					"Callbacks are still under way after " + timeout + described("callbacks", this::callbacks));
		}
	}

	List<SimulatedMessage> messages() {
		return this.simulation.network().messages().stream().map(SimulatedMessage::of).toList();
	}

	List<SimulatedCallback> callbacks() {
		return this.simulation.callbackLog().all().stream().map(SimulatedCallback::of).toList();
	}

	/** The latest few: whoever reads a failed test needs no thousands. */
	private String described(String name, Supplier<? extends List<?>> what) {
		List<?> all = this.simulation.timeline().call(what::get);
		int more = all.size() - DESCRIBED;
		return ". The " + name + " there were: " + (all.isEmpty() ? "none"
				: (more > 0) ? all.subList(more, all.size()) + " and " + more + " before these" : all.toString());
	}

	// Whoever waits for the answer to an incoming message waits for a message.
	private String unanswerable() {
		return this.simulation.timeline().call(() -> {
			List<SimulatedMessage> all = messages();
			if (all.isEmpty() || !callbacks().isEmpty()) {
				return "";
			}
			SimulatedMessage last = all.get(all.size() - 1);
			return (last.direction() == MessageDirection.INBOUND)
					? ". The incoming message " + last.sid() + " went nowhere: no URL is set for it. " + REAL_PORT : "";
		});
	}

	private <T> @Nullable T await(Supplier<@Nullable T> probe, Duration timeout) {
		try {
			return this.simulation.timeline().await(probe, timeout);
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

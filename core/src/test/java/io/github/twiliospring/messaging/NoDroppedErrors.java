package io.github.twiliospring.messaging;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.core.publisher.Hooks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No test of a class may leave an error that Reactor drops, which it would log with its
 * stack at every fault.
 */
final class NoDroppedErrors implements BeforeAllCallback, AfterAllCallback {

	private final Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();

	@Override
	public void beforeAll(ExtensionContext context) {
		Hooks.onErrorDropped(this.dropped::add);
	}

	@Override
	public void afterAll(ExtensionContext context) {
		Hooks.resetOnErrorDropped();
		assertThat(this.dropped).as("errors that were dropped").isEmpty();
	}

}

package io.github.twiliospring.messaging.simulator.boot;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.jspecify.annotations.Nullable;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Resets the simulator before each test method, unless another one that runs at the same
 * time uses it.
 */
class TwilioSimulatorTestExecutionListener extends AbstractTestExecutionListener {

	private static final Map<TwilioSimulator, Integer> USERS = new ConcurrentHashMap<>();

	@Override
	public void beforeTestMethod(TestContext testContext) {
		withSimulator(testContext, (simulator) -> USERS.compute(simulator, (key, users) -> {
			if (users == null) {
				key.reset();
				return 1;
			}
			return users + 1;
		}));
	}

	@Override
	public void afterTestMethod(TestContext testContext) {
		withSimulator(testContext, (simulator) -> USERS.computeIfPresent(simulator, (key, users) -> oneLess(users)));
	}

	private static @Nullable Integer oneLess(int users) {
		return (users > 1) ? users - 1 : null;
	}

	private static void withSimulator(TestContext testContext, Consumer<TwilioSimulator> consumer) {
		if (TestContextAnnotationUtils.hasAnnotation(testContext.getTestClass(), EnableTwilioSimulator.class)) {
			testContext.getApplicationContext().getBeanProvider(TwilioSimulator.class).ifAvailable(consumer);
		}
	}

}

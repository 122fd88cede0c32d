package io.github.twiliospring.messaging.simulator.boot;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Resets the simulator before each test method.
 */
class TwilioSimulatorTestExecutionListener extends AbstractTestExecutionListener {

	@Override
	public void beforeTestMethod(TestContext testContext) {
		if (AnnotatedElementUtils.hasAnnotation(testContext.getTestClass(), EnableTwilioSimulator.class)) {
			testContext.getApplicationContext()
				.getBeanProvider(TwilioSimulator.class)
				.ifAvailable(TwilioSimulator::reset);
		}
	}

}

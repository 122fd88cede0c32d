package io.github.twiliospring.messaging.simulator.junit;

import java.util.function.UnaryOperator;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.TwilioSimulatorBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a simulator for a test class, starts it anew before each test, and closes it in
 * the end. Tests take it as a parameter, or ask {@link #simulator()}. Its clock is a
 * manual one unless the extension is told otherwise. Nested classes share their outer
 * class's simulator.
 * <p>
 * Put {@code ExtendWith(TwilioSimulatorExtension.class)} on the class, or a static field
 * with {@code RegisterExtension} in it to configure the simulator. A field that isn't
 * static starts a simulator for each test: slower by some milliseconds, and its clock
 * begins at the same time in each.
 */
public final class TwilioSimulatorExtension
		implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(TwilioSimulatorExtension.class);

	private final UnaryOperator<TwilioSimulatorBuilder> customizer;

	private @Nullable TwilioSimulator simulator;

	/**
	 * A simulator with a manual clock.
	 */
	public TwilioSimulatorExtension() {
		this((builder) -> builder);
	}

	/**
	 * A simulator that's configured further, for {@code @RegisterExtension}.
	 * @param customizer gets a builder with a manual clock
	 */
	public TwilioSimulatorExtension(UnaryOperator<TwilioSimulatorBuilder> customizer) {
		this.customizer = customizer;
	}

	/**
	 * The running simulator.
	 * @return the simulator
	 * @throws IllegalStateException outside a test class, or outside a test where the
	 * field isn't static
	 */
	public TwilioSimulator simulator() {
		TwilioSimulator running = this.simulator;
		if (running == null) {
			throw new IllegalStateException("The simulator runs only while a test class does, or a test "
					+ "where the field of type TwilioSimulatorExtension isn't static");
		}
		return running;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		Store store = context.getStore(NAMESPACE);
		TwilioSimulator running = store.get(TwilioSimulator.class, TwilioSimulator.class);
		if (running == null) {
			running = start();
			// The store of this class closes it; one of a nested class only finds it.
			store.put(TwilioSimulator.class, running);
		}
		this.simulator = running;
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		if (this.simulator != null) {
			this.simulator.reset();
		}
		else {
			// No class has started it: it's this test's own.
			this.simulator = start();
			context.getStore(NAMESPACE).put(this, this.simulator);
		}
	}

	@Override
	public void afterEach(ExtensionContext context) {
		TwilioSimulator own = context.getStore(NAMESPACE).remove(this, TwilioSimulator.class);
		if (own != null) {
			own.close();
			this.simulator = null;
		}
	}

	@Override
	public void afterAll(ExtensionContext context) {
		if (!context.getParent().map(ExtensionContext::getTestClass).orElseThrow().isPresent()) {
			this.simulator = null;
		}
	}

	private TwilioSimulator start() {
		return this.customizer.apply(TwilioSimulator.builder().manualClock()).start();
	}

	@Override
	public boolean supportsParameter(ParameterContext parameterContext, ExtensionContext context) {
		return parameterContext.getParameter().getType() == TwilioSimulator.class;
	}

	@Override
	public TwilioSimulator resolveParameter(ParameterContext parameterContext, ExtensionContext context) {
		return simulator();
	}

}

package io.github.twiliospring.messaging.simulator.boot;

import java.lang.reflect.Method;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The annotation in Spring's own test machinery, which is driven by hand: so two tests
 * can overlap in a known order.
 */
class EnableTwilioSimulatorTests {

	@AfterAll
	static void closeTheContext() {
		new TestContextManager(First.class).getTestContext().markApplicationContextDirty(null);
	}

	@Test
	void resetsTheSimulatorBeforeATestButNotUnderOneThatRuns() throws Exception {
		Running first = new Running(new First());
		Running second = new Running(new Second());
		first.begin();
		first.receive("one");
		second.begin();
		assertThat(second.simulator()).isSameAs(first.simulator());
		assertThat(first.messages()).isOne();
		first.end();
		first.begin();
		assertThat(first.messages()).isOne();
		first.end();
		second.end();
		first.begin();
		assertThat(first.messages()).isZero();
		first.end();
	}

	@Test
	void reachesNestedClasses() throws Exception {
		Running nested = new Running(new First().new Inner());
		nested.begin();
		nested.receive("one");
		nested.end();
		nested.begin();
		assertThat(nested.messages()).isZero();
		nested.end();
	}

	/**
	 * A test method between its beginning and its end.
	 */
	private static final class Running {

		private final TestContextManager manager;

		private final Object instance;

		private final Method method;

		Running(Object instance) throws Exception {
			this.manager = new TestContextManager(instance.getClass());
			this.instance = instance;
			this.method = instance.getClass().getDeclaredMethod("test");
			this.manager.prepareTestInstance(instance);
		}

		void begin() throws Exception {
			this.manager.beforeTestMethod(this.instance, this.method);
		}

		void end() throws Exception {
			this.manager.afterTestMethod(this.instance, this.method, null);
		}

		TwilioSimulator simulator() {
			return this.manager.getTestContext().getApplicationContext().getBean(TwilioSimulator.class);
		}

		void receive(String body) {
			simulator().receive("+15558675310", "+15017122661", body);
		}

		int messages() {
			return simulator().messages().size();
		}

	}

	@EnableTwilioSimulator
	@ContextConfiguration(classes = Application.class)
	static class First {

		void test() {
		}

		@Nested
		class Inner {

			void test() {
			}

		}

	}

	@EnableTwilioSimulator
	@ContextConfiguration(classes = Application.class)
	static class Second {

		void test() {
		}

	}

	@ImportAutoConfiguration(TwilioSimulatorAutoConfiguration.class)
	static class Application {

	}

}

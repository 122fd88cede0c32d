package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Methods that hang hold up no entry, and have an end.
 */
class HungUpdateTests {

	private static final int REJECTED = 8;

	private static final int GOOD = 20;

	@Test
	void methodsThatHangTakeAQuarterOfTheSlotsAndAreInterrupted() {
		Hanging hanging = new Hanging();
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("hanging", hanging);
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = TestOutbox
					.of(TestDatabase.H2.create(), TestOutbox.template(simulator.baseUrl().toString()),
							(builder) -> builder.beanFactory(beans).inFlight(4).handlerLimit(Duration.ofSeconds(1)))
					.withSchema(TestDatabase.H2.platform())) {
			simulator.inject(Fault.status(400).times(REJECTED).on("POST"));
			send(test, "rejected", REJECTED);
			test.start();
			IntStream.range(0, REJECTED).forEach((i) -> test.awaitState("rejected-" + i, OutboxState.REJECTED));
			await().atMost(TestOutbox.TIMEOUT).until(() -> hanging.waiting.get() == 1);
			send(test, "good", GOOD);
			IntStream.range(0, GOOD).forEach((i) -> test.awaitState("good-" + i, OutboxState.SENT));
			await().atMost(TestOutbox.TIMEOUT).until(() -> hanging.interrupted.get() > 1);
			assertThat(hanging.most).hasValue(1);
			hanging.gate.countDown();
			await().atMost(TestOutbox.TIMEOUT).until(() -> hanging.heard.size() == REJECTED);
			IntStream.range(0, REJECTED).forEach((i) -> test.outbox.awaitEnded("rejected-" + i, TestOutbox.TIMEOUT));
		}
	}

	private static void send(TestOutbox test, String name, int number) {
		IntStream.range(0, number)
			.forEach((i) -> test.outbox.send(name + "-" + i, to("+15558675310").body(name + " " + i)));
	}

	static class Hanging {

		final CountDownLatch gate = new CountDownLatch(1);

		final AtomicInteger waiting = new AtomicInteger();

		final AtomicInteger most = new AtomicInteger();

		final AtomicInteger interrupted = new AtomicInteger();

		final Set<String> heard = ConcurrentHashMap.newKeySet();

		@OutboxUpdate(OutboxState.REJECTED)
		void tell(OutboxEntry entry) throws InterruptedException {
			this.most.accumulateAndGet(this.waiting.incrementAndGet(), Math::max);
			try {
				this.gate.await();
				this.heard.add(entry.key());
			}
			catch (InterruptedException ex) {
				this.interrupted.incrementAndGet();
				throw ex;
			}
			finally {
				this.waiting.decrementAndGet();
			}
		}

	}

}

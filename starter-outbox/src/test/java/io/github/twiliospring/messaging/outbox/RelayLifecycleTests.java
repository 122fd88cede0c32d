package io.github.twiliospring.messaging.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An outbox that is stopped while it starts, and one whose start fails.
 */
class RelayLifecycleTests {

	private static final String WATCH = "twilio-outbox-watch";

	private final TwilioSimulator simulator = TestOutbox.simulator();

	private final TestOutbox test = TestOutbox
		.of(TestDatabase.H2.create(), TestOutbox.template(this.simulator.baseUrl().toString()), (builder) -> builder)
		.withSchema("h2");

	@AfterEach
	void stop() {
		this.test.close();
		this.simulator.close();
	}

	@Test
	void nothingBeginsOnceItWasStoppedInItsStart() throws InterruptedException {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch answered = new CountDownLatch(1);
		Thread[] watch = new Thread[1];
		JdbcMessagingOutbox outbox = outbox(() -> {
			watch[0] = Thread.currentThread();
			asked.countDown();
			answered.await();
		});
		// Whatever it starts belongs to it, and so does whatever that starts.
		ThreadGroup group = new ThreadGroup("outbox");
		Thread starter = new Thread(group, outbox::start);
		starter.start();
		starter.join();
		asked.await();
		// Who is interrupted doesn't wait for the watch to end.
		Thread.currentThread().interrupt();
		outbox.stop();
		assertThat(Thread.interrupted()).isTrue();
		outbox.send("waits", to("+15558675310").body("Waits"));
		answered.countDown();
		watch[0].join();
		assertThat(threads(group)).isEmpty();
	}

	@Test
	void anErrorIsntTheEndOfIt() {
		AtomicBoolean failed = new AtomicBoolean();
		JdbcMessagingOutbox outbox = outbox(() -> {
			if (failed.compareAndSet(false, true)) {
				throw new NoClassDefFoundError();
			}
		});
		outbox.start();
		try {
			outbox.send("goes", to("+15558675310").body("Goes"));
			await().atMost(TestOutbox.TIMEOUT)
				.until(() -> outbox.find("goes").orElseThrow().state() != OutboxState.WAITING);
		}
		finally {
			outbox.stop();
		}
	}

	private static List<String> threads(ThreadGroup group) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getThreadGroup() == group)
			.map(Thread::getName)
			.toList();
	}

	private JdbcMessagingOutbox outbox(Before before) {
		DelegatingDataSource dataSource = new DelegatingDataSource(this.test.dataSource) {

			@Override
			public Connection getConnection() throws SQLException {
				if (Thread.currentThread().getName().equals(WATCH)) {
					try {
						before.connect();
					}
					catch (InterruptedException ex) {
						throw new SQLException(ex);
					}
				}
				return super.getConnection();
			}

		};
		return JdbcMessagingOutbox
			.builder(dataSource, new DataSourceTransactionManager(dataSource),
					TestOutbox.template(this.simulator.baseUrl().toString()).build())
			.pollInterval(Duration.ofMillis(50))
			.build();
	}

	/**
	 * What happens before the watch gets a connection.
	 */
	private interface Before {

		void connect() throws InterruptedException;

	}

}

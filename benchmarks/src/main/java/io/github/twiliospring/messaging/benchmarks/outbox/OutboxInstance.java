package io.github.twiliospring.messaging.benchmarks.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.SendResult;
import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.benchmarks.Report;
import io.github.twiliospring.messaging.benchmarks.Usage;
import io.github.twiliospring.messaging.benchmarks.send.StarterTemplate;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.outbox.JdbcMessagingOutbox;
import io.github.twiliospring.messaging.outbox.JdbcMessagingOutboxBuilder;
import io.github.twiliospring.messaging.outbox.OutboxRequest;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;

/**
 * One instance of an application with an outbox, in a process of its own.
 */
public final class OutboxInstance {

	private final MessagingTemplate template;

	private final JdbcMessagingOutbox outbox;

	private final Scheduler threads = Schedulers.newBoundedElastic(64, 1000, "caller");

	private final AtomicLong statements = new AtomicLong();

	private OutboxInstance(String jdbcUrl, String baseUrl, int inFlight, int connections, String reactiveUrl) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(jdbcUrl);
		dataSource.setMaximumPoolSize(connections);
		this.template = StarterTemplate.unobserved(baseUrl, Map.of());
		DataSource counted = new CountedDataSource(dataSource, this.statements);
		JdbcMessagingOutboxBuilder builder = JdbcMessagingOutbox
			.builder(counted, new DataSourceTransactionManager(counted), this.template)
			.inFlight(inFlight);
		if (!reactiveUrl.isEmpty()) {
			ConnectionFactory reactive = ConnectionFactories
				.get(reactiveUrl + "?initialSize=" + connections + "&maxSize=" + connections);
			builder.reactive(reactive, new R2dbcTransactionManager(reactive));
		}
		this.outbox = builder.build();
	}

	/**
	 * Serves until the standard input ends. It answers {@code send-all n}, seconds for as
	 * many messages of the template; {@code insert prefix n}, seconds for as many
	 * entries; {@code single way n at-once prefix}, the same for entries in transactions
	 * of their own, {@code blocking} or {@code reactive}, of which so many are written at
	 * once; {@code start}; {@code stop}; {@code commit key}, which writes an entry and
	 * answers when it was committed, in microseconds; {@code rest seconds}, the CPU
	 * seconds that it took meanwhile.
	 * @param arguments the database, the API, entries in flight, connections, the
	 * database by R2DBC where it's known
	 */
	public static void serve(List<String> arguments) {
		OutboxInstance instance = new OutboxInstance(arguments.get(0), arguments.get(1),
				Integer.parseInt(arguments.get(2)), Integer.parseInt(arguments.get(3)), arguments.get(4));
		Child.serve((question) -> switch (question[0]) {
			case "send-all" -> instance.sendAll(Integer.parseInt(question[1]));
			case "insert" -> instance.insert(question[1], Integer.parseInt(question[2]));
			case "single" -> instance.single(question[1].equals("reactive"), Integer.parseInt(question[2]),
					Integer.parseInt(question[3]), question[4]);
			case "commit" -> instance.commit(question[1]);
			case "rest" -> instance.rest(Integer.parseInt(question[1]));
			case "start" -> {
				instance.outbox.start();
				yield "started";
			}
			case "stop" -> {
				instance.outbox.stop();
				yield "stopped";
			}
			default -> throw new IllegalArgumentException(question[0]);
		});
	}

	private String sendAll(int messages) {
		long start = System.nanoTime();
		SendResult failed = this.template.sendAll(Flux.range(0, messages).map(OutboxInstance::message))
			.filter((result) -> result.failure() != null)
			.blockFirst();
		if (failed != null) {
			throw new IllegalStateException("A message wasn't sent");
		}
		return seconds(System.nanoTime() - start);
	}

	private String insert(String prefix, int entries) {
		long start = System.nanoTime();
		long inserted = this.outbox.sendAll(LongStream.range(0, entries)
			.mapToObj((number) -> OutboxRequest.of(prefix + "-" + number, message(number))));
		if (inserted != entries) {
			throw new IllegalStateException("Some were there");
		}
		return seconds(System.nanoTime() - start);
	}

	// None is due, so that nothing else is done about it.
	private String single(boolean reactive, int entries, int atOnce, String prefix) {
		Instant later = Instant.now().plus(365, ChronoUnit.DAYS);
		long start = System.nanoTime();
		Flux.range(0, entries).flatMap((number) -> {
			OutboxRequest request = OutboxRequest.of(prefix + "-" + number, message(number)).at(later);
			return reactive ? this.outbox.reactive().send(request)
					: Mono.fromCallable(() -> this.outbox.send(request)).subscribeOn(this.threads);
		}, atOnce).blockLast();
		return seconds(System.nanoTime() - start);
	}

	private long commit(String key) {
		this.outbox.send(key, message(0));
		return OutboxBenchmark.now();
	}

	private String rest(int seconds) {
		Usage.Measurement measurement = Usage.start();
		long before = this.statements.get();
		try {
			Thread.sleep(seconds * 1000L);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return seconds(measurement.stop().cpuNanos()) + " " + (this.statements.get() - before);
	}

	private static OutboundMessage message(long number) {
		return OutboundMessage.to(Fixtures.recipient(number)).body(Fixtures.BODY).build();
	}

	private static String seconds(long nanos) {
		return Report.number(nanos / 1e9, 3).replace(",", "");
	}

	/**
	 * Counts the statements that are prepared.
	 */
	private static final class CountedDataSource extends DelegatingDataSource {

		private final AtomicLong statements;

		CountedDataSource(DataSource target, AtomicLong statements) {
			super(target);
			this.statements = statements;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("prepareStatement") || method.getName().equals("createStatement")) {
							this.statements.incrementAndGet();
						}
						try {
							return method.invoke(connection, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

	}

}

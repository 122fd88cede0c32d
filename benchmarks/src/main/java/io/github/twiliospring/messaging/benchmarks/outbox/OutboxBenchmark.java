package io.github.twiliospring.messaging.benchmarks.outbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Options;
import io.github.twiliospring.messaging.benchmarks.Report;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * Durable sending on a PostgreSQL beside it, which writes to the disk at each commit, and
 * an API that takes 100 ms: beside {@code sendAll} of the template, by one instance and
 * by two, with a million entries that wait; what inserting takes, what an instance costs
 * that has nothing to do, and how long it's from a commit to the request.
 */
public final class OutboxBenchmark {

	private static final List<String> JVM = List.of("-Xmx512m");

	private static final int LATENCY = 100;

	private final int entries;

	private final int rounds;

	private final int waiting;

	private final String inFlight;

	private final String connections;

	private OutboxBenchmark(Options options) {
		this.entries = options.number("entries", 10_000, 500);
		this.rounds = options.number("rounds", 3, 1);
		this.waiting = options.number("waiting", 1_000_000, 1000);
		this.inFlight = options.text("in-flight", "64");
		this.connections = options.text("connections", "20");
	}

	/**
	 * Runs it.
	 * @param options {@code entries} of a round, {@code rounds}, {@code waiting} entries
	 * that aren't due, {@code in-flight}, {@code connections} of an instance's pool,
	 * {@code inserted} entries, {@code seconds} of rest
	 */
	public static void run(Options options) {
		OutboxBenchmark benchmark = new OutboxBenchmark(options);
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.start(); Child stub = Child.start(JVM, "stub")) {
			stub.ask("latency " + LATENCY);
			JdbcClient database = JdbcClient.create(postgres.getPostgresDatabase());
			new ResourceDatabasePopulator(new ClassPathResource("schema-postgresql.sql", MessagingOutbox.class))
				.execute(postgres.getPostgresDatabase());
			List<String> arguments = List.of("outbox-instance", postgres.getJdbcUrl("postgres", "postgres"),
					"http://127.0.0.1:" + stub.ask("port")[0], benchmark.inFlight, benchmark.connections);
			try (Child one = Child.start(JVM, arguments.toArray(String[]::new));
					Child two = Child.start(JVM, arguments.toArray(String[]::new))) {
				benchmark.throughput(database, one, two);
				inserting(database, one, options.number("inserted", 100_000, 1000));
				rest(stub, one, options.number("seconds", 20, 2));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void throughput(JdbcClient database, Child one, Child two) {
		Report table = new Report("variant", "per second", "× sendAll");
		// Warm.
		one.ask("send-all " + this.entries);
		drain(database, this.entries, one);
		double sendAll = median(() -> this.entries / Double.parseDouble(one.ask("send-all " + this.entries)[0]));
		table.row("sendAll of the template", Report.number(sendAll, 0), "1.00");
		row(table, "outbox, one instance", median(() -> drain(database, this.entries, one)), sendAll);
		drain(database, this.entries, two);
		row(table, "outbox, two instances", median(() -> drain(database, this.entries, one, two)), sendAll);
		wait(database, this.waiting);
		row(table, "outbox, one instance, " + this.waiting + " entries wait",
				median(() -> drain(database, this.entries, one)), sendAll);
		System.out.printf("%s entries a round, %s in flight and %s connections an instance, an API of %d ms%n",
				this.entries, this.inFlight, this.connections, LATENCY);
		table.print();
	}

	private static void row(Report table, String variant, double rate, double sendAll) {
		table.row(variant, Report.number(rate, 0), Report.number(rate / sendAll, 2));
	}

	private double median(Supplier<Double> round) {
		return Report.median(IntStream.range(0, this.rounds).mapToObj((number) -> round.get()).toList());
	}

	private static double drain(JdbcClient database, int entries, Child... instances) {
		instances[0].ask("insert " + now() + " " + entries);
		long start = System.nanoTime();
		for (Child instance : instances) {
			instance.ask("start");
		}
		while (number(database, "select count(*) from (select 1 from twilio_outbox_tasks where execution_time < now()"
				+ " limit 1) open") > 0) {
			pause(20);
		}
		double rate = entries / ((System.nanoTime() - start) / 1e9);
		for (Child instance : instances) {
			instance.ask("stop");
		}
		if (number(database, "select count(*) from twilio_outbox where state <> 'sent' and next_at < now()") > 0) {
			throw new IllegalStateException("Some entries weren't sent");
		}
		return rate;
	}

	// As a campaign for next year would be written, in one statement each.
	private static void wait(JdbcClient database, int entries) {
		database.sql("""
				insert into twilio_outbox (id, message_key, state, version, content, fingerprint, content_check,
				 send_at, priority, next_at, attempts, untold, created_at)
				select 'waiting-' || n, 'waiting-' || n, 'waiting', 1, '{}', n % 65536, 0, now() + interval '1 year', 0,
				 now() + interval '1 year', 0, false, now() from generate_series(1, :entries) n""")
			.param("entries", entries)
			.update();
		database.sql("""
				insert into twilio_outbox_tasks (task_name, task_instance, execution_time, picked, version, priority)
				select 'twilio-outbox-entry', 'waiting-' || n, now() + interval '1 year', false, 1, 0
				from generate_series(1, :entries) n""").param("entries", entries).update();
		database.sql("analyze").update();
		String plan = String.join("\n", database.sql("""
				explain select task_name, task_instance from twilio_outbox_tasks where not picked and priority = 0
				and execution_time <= now() order by execution_time limit 64 for update skip locked""")
			.query(String.class)
			.list());
		System.out.printf("What is due, of %d entries that wait:%n%s%n", entries, plan);
	}

	private static void inserting(JdbcClient database, Child instance, int entries) {
		double seconds = Double.parseDouble(instance.ask("insert inserted " + entries)[0]);
		System.out.printf("outbox.sendAll of %d entries: %.1f s, %s a second%n", entries, seconds,
				Report.number(entries / seconds, 0));
		database.sql("delete from twilio_outbox where message_key like 'inserted-%'").update();
		database.sql("delete from twilio_outbox_tasks where execution_time < now()").update();
	}

	private static void rest(Child stub, Child instance, int seconds) {
		stub.ask("latency 0");
		instance.ask("start");
		pause(3000);
		List<Double> millis = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			long committed = Long.parseLong(instance.ask("commit rest-" + now())[0]);
			long requested = Long.parseLong(stub.ask("last")[0]);
			while (requested < committed) {
				requested = Long.parseLong(stub.ask("last")[0]);
			}
			millis.add((requested - committed) / 1000.0);
		}
		System.out.printf("From commit to request at rest: median %.1f ms, longest %.1f ms of %d%n",
				Report.median(millis), millis.stream().mapToDouble(Double::doubleValue).max().orElse(0), millis.size());
		pause(3000);
		String[] used = instance.ask("rest " + seconds);
		System.out.printf("At rest: %.2f %% of a core, %.1f statements a second%n",
				Double.parseDouble(used[0]) / seconds * 100, Double.parseDouble(used[1]) / seconds);
		instance.ask("stop");
	}

	private static long number(JdbcClient database, String sql) {
		return database.sql(sql).query(Long.class).single();
	}

	/**
	 * The time, which all processes of a machine share.
	 * @return microseconds
	 */
	public static long now() {
		return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
	}

	private static void pause(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

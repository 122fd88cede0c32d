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

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Durable sending on a database beside it, which writes to the disk at each commit, and
 * an API that takes 100 ms: beside {@code sendAll} of the template, by one instance and
 * by two, with a million entries that wait; what inserting takes, by JDBC and by R2DBC,
 * what an instance costs that has nothing to do, and how long it's from a commit to the
 * request.
 */
public final class OutboxBenchmark {

	private static final List<String> JVM = List.of("-Xmx512m");

	private static final int LATENCY = 100;

	private static final int WARM_UPS = 3;

	private final int entries;

	private final int rounds;

	private final int waiting;

	private final String inFlight;

	private final String connections;

	private final DatabaseServer server;

	private final JdbcClient database;

	private OutboxBenchmark(Options options, DatabaseServer server) {
		this.server = server;
		this.database = server.client();
		this.entries = options.number("entries", 10_000, 500);
		this.rounds = options.number("rounds", 3, 1);
		this.waiting = options.number("waiting", 1_000_000, 1000);
		this.inFlight = options.text("in-flight", "64");
		this.connections = options.text("connections", "20");
	}

	/**
	 * Runs it.
	 * @param options {@code database}, {@code postgresql} or {@code mariadb},
	 * {@code entries} of a round, {@code rounds}, {@code waiting} entries that aren't
	 * due, {@code in-flight}, {@code connections} of an instance's pool, {@code inserted}
	 * entries, {@code single} inserts of a round, {@code insert-rounds}, {@code seconds}
	 * of rest, {@code only=inserts} for the single inserts alone
	 */
	public static void run(Options options) {
		try (DatabaseServer server = DatabaseServer.start(options.text("database", "postgresql"));
				Child stub = Child.start(JVM, "stub")) {
			stub.ask("latency " + LATENCY);
			OutboxBenchmark benchmark = new OutboxBenchmark(options, server);
			List<String> arguments = List.of("outbox-instance", server.url(), "http://127.0.0.1:" + stub.ask("port")[0],
					benchmark.inFlight, benchmark.connections, server.reactiveUrl());
			try (Child one = Child.start(JVM, arguments.toArray(String[]::new));
					Child two = Child.start(JVM, arguments.toArray(String[]::new))) {
				benchmark.single(one, options.number("single", 500, 50), options.number("insert-rounds", 9, 1));
				if (!options.text("only", "").equals("inserts")) {
					benchmark.throughput(one, two);
					benchmark.inserting(one, options.number("inserted", 100_000, 1000));
					rest(stub, one, options.number("seconds", 20, 2));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// Blocking and reactive take turns, so that what disturbs one disturbs the other.
	private void single(Child instance, int entries, int rounds) {
		Report table = new Report("insert, each in its own transaction", "ms", "× blocking");
		for (int atOnce : new int[] { 1, 8 }) {
			List<Double> blocking = new ArrayList<>();
			List<Double> reactive = new ArrayList<>();
			List<Double> ratios = new ArrayList<>();
			// The first rounds are warm-ups.
			for (int round = -WARM_UPS; round < rounds; round++) {
				double millis = single(instance, "blocking", entries, atOnce);
				double other = this.server.isMariaDb() ? 0 : single(instance, "reactive", entries, atOnce);
				if (round >= 0) {
					blocking.add(millis);
					reactive.add(other);
					ratios.add(other / millis);
				}
			}
			String suffix = ", " + atOnce + " at a time";
			table.row("blocking" + suffix, Report.number(Report.median(blocking), 3), "1.00");
			if (!this.server.isMariaDb()) {
				table.row("reactive" + suffix, Report.number(Report.median(reactive), 3),
						Report.number(Report.median(ratios), 2));
			}
		}
		System.out.printf("%s, %d rounds of %d inserts%n", this.server.product(), rounds, entries);
		table.print();
		this.database.sql("delete from twilio_outbox").update();
		this.database.sql("delete from twilio_outbox_tasks").update();
	}

	private static double single(Child instance, String way, int entries, int atOnce) {
		String[] seconds = instance.ask("single " + way + " " + entries + " " + atOnce + " " + now());
		return Double.parseDouble(seconds[0]) * 1000 / entries;
	}

	private void throughput(Child one, Child two) {
		Report table = new Report("variant", "per second", "× sendAll");
		// Warm.
		one.ask("send-all " + this.entries);
		drain(this.entries, one);
		double sendAll = median(() -> this.entries / Double.parseDouble(one.ask("send-all " + this.entries)[0]));
		table.row("sendAll of the template", Report.number(sendAll, 0), "1.00");
		row(table, "outbox, one instance", median(() -> drain(this.entries, one)), sendAll);
		drain(this.entries, two);
		row(table, "outbox, two instances", median(() -> drain(this.entries, one, two)), sendAll);
		wait(this.waiting);
		row(table, "outbox, one instance, " + this.waiting + " entries wait", median(() -> drain(this.entries, one)),
				sendAll);
		System.out.printf("%s, %s entries a round, %s in flight and %s connections an instance, an API of %d ms%n",
				this.server.product(), this.entries, this.inFlight, this.connections, LATENCY);
		table.print();
	}

	private static void row(Report table, String variant, double rate, double sendAll) {
		table.row(variant, Report.number(rate, 0), Report.number(rate / sendAll, 2));
	}

	private double median(Supplier<Double> round) {
		return Report.median(IntStream.range(0, this.rounds).mapToObj((number) -> round.get()).toList());
	}

	private double drain(int entries, Child... instances) {
		instances[0].ask("insert " + now() + " " + entries);
		long start = System.nanoTime();
		for (Child instance : instances) {
			instance.ask("start");
		}
		while (number("select count(*) from (select 1 from twilio_outbox_tasks where execution_time < "
				+ this.server.now() + " limit 1) due") > 0) {
			pause(20);
		}
		double rate = entries / ((System.nanoTime() - start) / 1e9);
		for (Child instance : instances) {
			instance.ask("stop");
		}
		if (number("select count(*) from twilio_outbox where state <> 'sent' and next_at < " + this.server.now()) > 0) {
			throw new IllegalStateException("Some entries weren't sent");
		}
		return rate;
	}

	// As a campaign for next year would be written, in one statement each.
	private void wait(int entries) {
		this.database
			.sql("""
					insert into twilio_outbox (id, message_key, state, version, content, fingerprint, content_check,
					 send_at, priority, next_at, attempts, untold, created_at)
					select concat('waiting-', n), concat('waiting-', n), 'waiting', 1, '{}', n %% 65536, 0, %1$s, 0, %1$s, 0,
					 false, %2$s from %3$s"""
				.formatted(this.server.nextYear(), this.server.now(), this.server.numbers(entries)))
			.update();
		this.database.sql("""
				insert into twilio_outbox_tasks (task_name, task_instance, execution_time, picked, version, priority)
				select 'twilio-outbox-entry', concat('waiting-', n), %s, false, 1, 0
				from %s""".formatted(this.server.nextYear(), this.server.numbers(entries))).update();
		this.server.analyze();
	}

	private void inserting(Child instance, int entries) {
		double seconds = Double.parseDouble(instance.ask("insert inserted " + entries)[0]);
		System.out.printf("outbox.sendAll of %d entries: %.1f s, %s a second%n", entries, seconds,
				Report.number(entries / seconds, 0));
		this.database.sql("delete from twilio_outbox where message_key like 'inserted-%'").update();
		this.database.sql("delete from twilio_outbox_tasks where execution_time < " + this.server.now()).update();
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

	private long number(String sql) {
		return this.database.sql(sql).query(Long.class).single();
	}

	/**
	 * The time, which all processes of a machine share.
	 * @return microseconds
	 */
	public static long now() {
		return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
	}

	static void pause(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

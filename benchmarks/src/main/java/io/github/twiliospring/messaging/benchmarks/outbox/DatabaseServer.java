package io.github.twiliospring.messaging.benchmarks.outbox;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.util.FileSystemUtils;

/**
 * A database server beside the benchmark, with the outbox's tables, which writes to the
 * disk at each commit.
 *
 * @param product PostgreSQL or MariaDB
 * @param url where it is by JDBC
 * @param reactiveUrl where it is by R2DBC, or nothing
 * @param server ends it
 */
record DatabaseServer(String product, String url, String reactiveUrl, AutoCloseable server) implements AutoCloseable {

	/**
	 * Starts one.
	 * @param name {@code postgresql}, or {@code mariadb}, which has to be installed
	 */
	static DatabaseServer start(String name) throws IOException {
		DatabaseServer started = switch (name) {
			case "postgresql" -> postgreSql();
			case "mariadb" -> mariaDb();
			default -> throw new IllegalArgumentException("A database is postgresql or mariadb, not " + name);
		};
		new ResourceDatabasePopulator(
				new ClassPathResource("io/github/twiliospring/messaging/outbox/schema-" + name + ".sql"))
			.execute(new DriverManagerDataSource(started.url));
		return started;
	}

	private static DatabaseServer postgreSql() throws IOException {
		EmbeddedPostgres server = EmbeddedPostgres.builder()
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.start();
		return new DatabaseServer("PostgreSQL", server.getJdbcUrl("postgres", "postgres"),
				"r2dbc:pool:postgresql://postgres@localhost:" + server.getPort() + "/postgres", server);
	}

	private static DatabaseServer mariaDb() throws IOException {
		Path folder = Files.createTempDirectory("mariadb");
		int port = freePort();
		String data = "--datadir=" + folder.resolve("data");
		String user = "--user=" + System.getProperty("user.name");
		try {
			run(folder, "mariadb-install-db", "--no-defaults", data, user, "--auth-root-authentication-method=normal",
					"--skip-test-db", "--skip-name-resolve")
				.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		Process server = run(folder, "mariadbd", "--no-defaults", data, user, "--port=" + port,
				"--bind-address=127.0.0.1", "--socket=" + folder.resolve("socket"),
				"--pid-file=" + folder.resolve("pid"), "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=1");
		String url = "jdbc:mariadb://127.0.0.1:" + port + "/%s?user=root";
		JdbcClient client = JdbcClient.create(new DriverManagerDataSource(url.formatted("mysql")));
		while (!created(client)) {
			if (!server.isAlive()) {
				throw new IllegalStateException("MariaDB ended: " + Files.readString(folder.resolve("log")));
			}
		}
		return new DatabaseServer("MariaDB", url.formatted("outbox"), "", () -> {
			server.destroy();
			server.waitFor();
			FileSystemUtils.deleteRecursively(folder);
		});
	}

	private static boolean created(JdbcClient client) {
		try {
			client.sql("create database outbox").update();
			return true;
		}
		catch (DataAccessException ex) {
			OutboxBenchmark.pause(200);
			return false;
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private static Process run(Path folder, String program, String... options) throws IOException {
		String path = Stream
			.concat(Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
			.map((directory) -> new File(directory, program))
			.filter(File::canExecute)
			.map(File::getPath)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(
					"The program '" + program + "' is needed: apt-get install mariadb-server"));
		List<String> command = new ArrayList<>(List.of(path));
		command.addAll(List.of(options));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
			.start();
	}

	JdbcClient client() {
		return JdbcClient.create(new DriverManagerDataSource(this.url));
	}

	/**
	 * Tells the planner how much there is.
	 */
	void analyze() {
		new JdbcTemplate(new DriverManagerDataSource(this.url))
			.execute(isMariaDb() ? "analyze table twilio_outbox, twilio_outbox_tasks" : "analyze");
	}

	boolean isMariaDb() {
		return this.product.equals("MariaDB");
	}

	/**
	 * The time as the outbox's columns have it.
	 */
	String now() {
		return isMariaDb() ? "utc_timestamp(6)" : "now()";
	}

	/**
	 * The same in a year.
	 */
	String nextYear() {
		return isMariaDb() ? "utc_timestamp(6) + interval 1 year" : "now() + interval '1 year'";
	}

	/**
	 * Numbers from 1, as {@code n}.
	 */
	String numbers(int last) {
		return isMariaDb() ? "(select seq as n from seq_1_to_" + last + ") numbers"
				: "generate_series(1, " + last + ") n";
	}

	@Override
	public void close() throws IOException {
		try {
			this.server.close();
		}
		catch (IOException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}

package io.github.twiliospring.messaging.outbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.testsupport.FreePort;
import org.awaitility.Awaitility;
import org.opentest4j.TestAbortedException;

import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * One MariaDB for all tests of this process, which ends with it. Its sessions are in
 * another time zone than anybody's, and its own character set holds hardly anything.
 */
final class TestMariaDb {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final SingletonSupplier<Integer> PORT = SingletonSupplier.of(TestMariaDb::start);

	private static final AtomicInteger DATABASES = new AtomicInteger();

	private TestMariaDb() {
	}

	/**
	 * Makes a database without tables. Without the program the test is skipped; where CI
	 * is set it fails.
	 * @return its URL
	 */
	static String database() {
		String server = program("mariadbd");
		String installer = program("mariadb-install-db");
		if (server.isEmpty() || installer.isEmpty()) {
			String message = "These tests need the program 'mariadbd': apt-get install mariadb-server";
			if ("true".equals(System.getenv("CI"))) {
				throw new AssertionError(message);
			}
			throw new TestAbortedException(message);
		}
		String name = "outbox_" + DATABASES.incrementAndGet();
		JdbcClient.create(new DriverManagerDataSource(url(PORT.obtain(), "mysql")))
			.sql("create database " + name)
			.update();
		return url(PORT.obtain(), name);
	}

	static int port() {
		return PORT.obtain();
	}

	private static String url(int port, String database) {
		return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=root";
	}

	private static String program(String name) {
		return Stream.concat(Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
			.map((folder) -> new File(folder, name))
			.filter(File::canExecute)
			.map(File::getPath)
			.findFirst()
			.orElse("");
	}

	private static int start() {
		try {
			int port = FreePort.find();
			start(port, Files.createTempDirectory("mariadb"));
			return port;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static void start(int port, Path folder) throws IOException, InterruptedException {
		String data = "--datadir=" + folder.resolve("data");
		// Each server that starts removes temporary tables, of others in the folder, too.
		String temporary = "--tmpdir=" + Files.createDirectory(folder.resolve("temporary"));
		String user = "--user=" + System.getProperty("user.name");
		Process installer = run(folder, program("mariadb-install-db"), "--no-defaults", data, temporary, user,
				"--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve");
		if (!installer.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS) || installer.exitValue() != 0) {
			throw new AssertionError(output(folder));
		}
		Process server = run(folder, program("mariadbd"), "--no-defaults", data, temporary, user, "--port=" + port,
				"--bind-address=127.0.0.1", "--socket=" + folder.resolve("socket"),
				"--pid-file=" + folder.resolve("pid"), "--skip-name-resolve", "--default-time-zone=+05:45",
				"--character-set-server=latin1", "--max-connections=1000", "--innodb-buffer-pool-size=64M",
				"--innodb-flush-log-at-trx-commit=0");
		Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, folder)));
		JdbcClient database = JdbcClient.create(new DriverManagerDataSource(url(port, "mysql")));
		Awaitility.await()
			.atMost(TIMEOUT)
			.ignoreExceptionsMatching((ex) -> ex instanceof CannotGetJdbcConnectionException && server.isAlive())
			.until(() -> database.sql("select 1").query(Integer.class).single() == 1);
	}

	private static Process run(Path folder, String program, String... options) throws IOException {
		List<String> command = new ArrayList<>(List.of(program));
		command.addAll(List.of(options));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
			.start();
	}

	private static String output(Path folder) throws IOException {
		return Files.readString(folder.resolve("log"));
	}

	private static void end(Process server, Path folder) {
		try {
			server.destroyForcibly().waitFor();
			FileSystemUtils.deleteRecursively(folder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

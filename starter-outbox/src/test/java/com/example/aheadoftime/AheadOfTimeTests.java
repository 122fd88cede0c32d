package com.example.aheadoftime;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with an outbox, processed ahead of time as Boot's plugins do it, in a
 * process of its own.
 */
class AheadOfTimeTests {

	private static final String[] ARGUMENTS = { "--spring.main.web-application-type=none",
			"--twilio.simulator.enabled=true", "--twilio.messaging.from=+15017122661",
			"--twilio.messaging.outbox.events=true", "--spring.datasource.url=jdbc:h2:mem:ahead-of-time" };

	@TempDir
	private Path folder;

	@Test
	void sendsAndTellsAndHasHintsForANativeImage() throws Exception {
		String processed = run(List.of(), SpringApplicationAotProcessor.class,
				Stream
					.concat(Stream.of(ShopApplication.class.getName(), path("sources"), path("resources"),
							path("classes"), "com.example", "shop"), Stream.of(ARGUMENTS))
					.toArray(String[]::new));
		assertThat(Files.readString(metadata()).replace("\\/", "/")).as(processed)
			.contains("io/github/twiliospring/messaging/outbox/schema-*.sql")
			.contains("com.example.aheadoftime.ShopApplication$Updates")
			.contains("io.github.twiliospring.messaging.outbox.OutboxUpdateEvent");
		compile();
		assertThat(run(List.of("-Dspring.aot.enabled=true"), ShopApplication.class, ARGUMENTS))
			.contains("Starting AOT-processed ShopApplication")
			.contains(ShopApplication.OUTCOME + "[ship-1 SENT, ship-1 SENT]");
	}

	private Path metadata() throws IOException {
		try (Stream<Path> files = Files.walk(this.folder.resolve("resources"))) {
			return files.filter((file) -> file.endsWith("reachability-metadata.json")).findFirst().orElseThrow();
		}
	}

	private void compile() throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-cp", classPath(), "-d",
				Files.createDirectories(this.folder.resolve("classes")).toString()));
		try (Stream<Path> files = Files.walk(this.folder.resolve("sources"))) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(arguments::add);
		}
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
			.isZero();
	}

	private String run(List<String> options, Class<?> main, String... arguments) throws Exception {
		Path output = this.folder.resolve(main.getSimpleName() + ".log");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		command.addAll(options);
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dlogging.level.com.example=info", "-cp", classPath(),
				main.getName()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(() -> read(output)).isTrue();
			assertThat(process.exitValue()).as(() -> read(output)).isZero();
		}
		finally {
			process.destroyForcibly();
		}
		return read(output);
	}

	private String classPath() {
		return path("classes") + File.pathSeparator + path("resources") + File.pathSeparator
				+ System.getProperty("java.class.path");
	}

	private String path(String name) {
		return this.folder.resolve(name).toString();
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

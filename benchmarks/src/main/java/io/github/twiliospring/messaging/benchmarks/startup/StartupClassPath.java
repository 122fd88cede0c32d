package io.github.twiliospring.messaging.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class paths of the applications: what their users' builds would put there, and not
 * what the benchmarks need.
 */
final class StartupClassPath {

	private static final String ROOT = "io";

	// What Boot's starter for WebClient doesn't bring.
	private static final Pattern OF_STARTER = Pattern
		.compile("/(twilio-messaging|caffeine|error_prone|spring-retry|micrometer-core|HdrHistogram)[^/]*$");

	private final Properties artifacts = new Properties();

	private final List<Path> libraries;

	private final Path classes;

	StartupClassPath() {
		try (InputStream input = StartupClassPath.class.getResourceAsStream("class-path.properties")) {
			this.artifacts.load(Objects.requireNonNull(input));
			Path jar = Path.of(StartupClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			try (Stream<Path> files = Files.list(jar.resolveSibling("lib"))) {
				this.libraries = files.sorted().toList();
			}
			this.classes = unpack(jar);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	// The jar itself brings all libraries, by its manifest.
	private static Path unpack(Path jar) throws IOException {
		Path folder = Files.createTempDirectory("startup");
		try (FileSystem content = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of());
				Stream<Path> files = Files.walk(content.getPath("/" + ROOT))) {
			for (Path file : files.toList()) {
				Path target = folder.resolve(content.getPath("/").relativize(file).toString());
				if (Files.isDirectory(file)) {
					Files.createDirectories(target);
				}
				else {
					Files.copy(file, target);
				}
			}
			Files.copy(content.getPath("/logback.xml"), folder.resolve("logback.xml"));
		}
		return folder;
	}

	/**
	 * The class path of an application.
	 * @param stack {@code reactive} or {@code servlet}
	 * @param variant what it has beside its web server
	 * @return what follows {@code -cp}
	 */
	String of(String stack, Variant variant) {
		Stream<Path> more = switch (variant) {
			case BARE -> Stream.empty();
			case WEB_CLIENT -> added(stack).stream().filter((jar) -> !OF_STARTER.matcher(jar.toString()).find());
			case STARTER -> added(stack).stream();
		};
		Stream<Path> jars = Stream.concat(jars(stack).stream(), more);
		return Stream.concat(Stream.of(this.classes), jars)
			.map(Path::toString)
			.collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * What the starter adds, with what it depends on.
	 * @param stack {@code reactive} or {@code servlet}
	 * @return the jars
	 */
	List<Path> added(String stack) {
		List<Path> before = jars(stack);
		return jars("starter").stream().filter((jar) -> !before.contains(jar)).toList();
	}

	private List<Path> jars(String list) {
		Set<String> missing = new TreeSet<>();
		List<Path> jars = Arrays.stream(this.artifacts.getProperty(list).split(",")).flatMap((artifact) -> {
			List<Path> found = this.libraries.stream()
				.filter((jar) -> jar.getFileName().toString().matches(artifact + "-\\d.*\\.jar"))
				.toList();
			if (found.isEmpty()) {
				missing.add(artifact);
			}
			return found.stream();
		}).toList();
		if (!missing.isEmpty()) {
			throw new IllegalStateException("Not on the class path any more: " + missing);
		}
		return jars;
	}

	void delete() {
		try (Stream<Path> files = Files.walk(this.classes)) {
			for (Path file : files.sorted((left, right) -> right.compareTo(left)).toList()) {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * An application beside the others.
	 */
	enum Variant {

		/** Only its web server. */
		BARE,

		/** Boot's starter for {@code WebClient}, too. */
		WEB_CLIENT,

		/** The starter. */
		STARTER

	}

}

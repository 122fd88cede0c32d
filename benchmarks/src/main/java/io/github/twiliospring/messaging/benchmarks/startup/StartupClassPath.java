package io.github.twiliospring.messaging.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class paths of the applications: what their users' builds would put there, and not
 * what the benchmarks need.
 */
final class StartupClassPath {

	// What Boot's starter for WebClient doesn't bring.
	private static final Pattern OF_STARTER = Pattern
		.compile("/(twilio-messaging|caffeine|error_prone|spring-retry|micrometer-core|HdrHistogram)[^/]*$");

	private final Properties artifacts = new Properties();

	private final List<Path> libraries;

	private final Path classes;

	/**
	 * Class paths whose classes of the applications are in a jar that is made here.
	 * @param folder where it's made
	 */
	StartupClassPath(Path folder) {
		try (InputStream input = StartupClassPath.class.getResourceAsStream("class-path.properties")) {
			this.artifacts.load(Objects.requireNonNull(input));
			Path jar = Path.of(StartupClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			try (Stream<Path> files = Files.list(jar.resolveSibling("lib"))) {
				this.libraries = files.sorted().toList();
			}
			this.classes = ownClasses(jar, folder.resolve("applications.jar"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	// The benchmarks' own jar brings all libraries, by its manifest.
	private static Path ownClasses(Path jar, Path target) throws IOException {
		try (JarFile content = new JarFile(jar.toFile());
				JarOutputStream output = new JarOutputStream(Files.newOutputStream(target))) {
			for (JarEntry entry : Collections.list(content.entries())) {
				if (entry.getName().startsWith("io/") || entry.getName().equals("logback.xml")) {
					output.putNextEntry(new JarEntry(entry.getName()));
					try (InputStream input = content.getInputStream(entry)) {
						input.transferTo(output);
					}
					output.closeEntry();
				}
			}
		}
		return target;
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

package io.github.twiliospring.messaging.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.startup.StartupClassPath.Variant;

/**
 * What a build does once, so that each start has less to do: Boot's ahead-of-time
 * processing of an application, and an archive of the classes that a start loads.
 */
final class StartupPreparation {

	/** Of all JVMs of the benchmark. */
	static final List<String> JVM = List.of("-Xmx512m");

	// Where one step writes an archive that holds linked classes, too (JEP 514).
	private static final int AOT_CACHE = 25;

	private final StartupClassPath classPath;

	private final Path folder;

	private final boolean aot;

	private final boolean archive;

	private final Map<String, Prepared> prepared = new HashMap<>();

	/**
	 * Prepares applications when they're first asked for.
	 * @param classPath their class paths
	 * @param folder where what is made is kept
	 * @param aot whether they're processed ahead of time
	 * @param archive whether there's an archive of their classes
	 */
	StartupPreparation(StartupClassPath classPath, Path folder, boolean aot, boolean archive) {
		this.classPath = classPath;
		this.folder = folder;
		this.aot = aot;
		this.archive = archive;
	}

	Prepared of(String stack, Variant variant) {
		return this.prepared.computeIfAbsent(stack + "-" + variant, (name) -> {
			try {
				Path own = Files.createDirectory(this.folder.resolve(name));
				Prepared application = new Prepared(this.classPath.of(stack, variant), JVM);
				if (this.aot) {
					application = processed(application, own, stack, variant);
				}
				return this.archive ? archived(application, own, stack, variant) : application;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	private static Prepared processed(Prepared application, Path own, String stack, Variant variant)
			throws IOException {
		Path sources = own.resolve("sources");
		Path classes = Files.createDirectory(own.resolve("classes"));
		run(application, "-cp", application.classPath(), "org.springframework.boot.SpringApplicationAotProcessor",
				StartupProcess.class.getName(), sources.toString(), classes.toString(), classes.toString(),
				"benchmarks", variant.name(), stack, variant.name());
		compile(application, sources, classes);
		Path jar = own.resolve("processed.jar");
		pack(classes, jar);
		return new Prepared(jar + File.pathSeparator + application.classPath(),
				with(application, "-Dspring.aot.enabled=true"));
	}

	private static void compile(Prepared application, Path sources, Path classes) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		if (compiler == null) {
			throw new IllegalStateException("Ahead-of-time processing needs a JDK, and this is a JRE");
		}
		List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-parameters", "-cp",
				classes + File.pathSeparator + application.classPath(), "-d", classes.toString()));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(arguments::add);
		}
		if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
			throw new IllegalStateException("What was processed ahead of time can't be compiled");
		}
	}

	private static void pack(Path classes, Path jar) throws IOException {
		try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar));
				Stream<Path> files = Files.walk(classes)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				output.putNextEntry(new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
				Files.copy(file, output);
				output.closeEntry();
			}
		}
	}

	// By a start that does what the measured ones do. An archive that can't be used ends
	// them with an error.
	private static Prepared archived(Prepared application, Path own, String stack, Variant variant) {
		Path archive = own.resolve("archive");
		boolean cache = Runtime.version().feature() >= AOT_CACHE;
		// The JVM names each class that it leaves out.
		List<String> writing = with(application, "-Xlog:disable",
				(cache ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive);
		Child.startOn(application.classPath(), writing, "startup-step", stack, variant.name()).close();
		if (!Files.exists(archive)) {
			throw new IllegalStateException("The JVM wrote no archive of its classes");
		}
		return new Prepared(application.classPath(),
				cache ? with(application, "-XX:AOTMode=on", "-XX:AOTCache=" + archive)
						: with(application, "-Xshare:on", "-XX:SharedArchiveFile=" + archive));
	}

	private static List<String> with(Prepared application, String... options) {
		return Stream.concat(application.jvmOptions().stream(), Stream.of(options)).toList();
	}

	private static void run(Prepared application, String... arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(application.jvmOptions());
		command.addAll(List.of(arguments));
		try {
			int end = new ProcessBuilder(command).inheritIO().start().waitFor();
			if (end != 0) {
				throw new IllegalStateException("The processing ahead of time ended with " + end);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * How an application is started.
	 *
	 * @param classPath what follows {@code -cp}
	 * @param jvmOptions options of its JVM
	 */
	record Prepared(String classPath, List<String> jvmOptions) {

	}

}

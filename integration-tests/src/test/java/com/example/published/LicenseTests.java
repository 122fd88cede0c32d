package com.example.published;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.autoconfigure.TwilioMessagingAutoConfiguration;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What somebody finds who reads the licenses of what is published.
 */
class LicenseTests {

	@ParameterizedTest
	@ValueSource(classes = { MessagingTemplate.class, TwilioMessagingAutoConfiguration.class, MessagingOutbox.class,
			TwilioSimulator.class })
	void eachJarHasLicenseAndNotice(Class<?> type) throws IOException {
		URL place = type.getProtectionDomain().getCodeSource().getLocation();
		String root = place.getPath().endsWith(".jar") ? "jar:" + place + "!/" : place.toString();
		assertThat(read(URI.create(root + "META-INF/LICENSE").toURL().openStream())).contains("Apache License");
		assertThat(read(URI.create(root + "META-INF/NOTICE").toURL().openStream())).contains("no part in this project");
	}

	@Test
	void theRunnableJarHasTheLicensesOfAllThatItContains() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("..", "simulator", "target"))) {
			List<Path> found = files.filter((file) -> file.toString().endsWith("-standalone.jar")).toList();
			assumeTrue(!found.isEmpty(), "mvn package makes the runnable jar");
			try (JarFile jar = new JarFile(found.get(0).toFile())) {
				assertThat(read(jar, "META-INF/LICENSE")).contains("Apache License");
				assertThat(read(jar, "META-INF/NOTICE")).contains("no part in this project").contains("Jackson");
				String thirdParty = read(jar, "META-INF/THIRD-PARTY.txt");
				assertThat(packages(jar)).allSatisfy((name) -> assertThat(thirdParty).contains("  " + name));
			}
		}
	}

	// The first parts of all names, as far as they tell one project from another.
	private static List<String> packages(JarFile jar) {
		return jar.stream()
			.map((entry) -> entry.getName().replaceFirst("^META-INF/versions/\\d+/", ""))
			.filter((name) -> name.endsWith(".class") && !name.startsWith("io/github/twiliospring/"))
			.map((name) -> name.startsWith("reactor/") ? "io/projectreactor/" : name)
			.map((name) -> name.replaceFirst("^([^/]+/[^/]+)/.*", "$1").replace('/', '.'))
			.distinct()
			.toList();
	}

	private static String read(JarFile jar, String entry) throws IOException {
		return read(jar.getInputStream(jar.getJarEntry(entry)));
	}

	private static String read(InputStream stream) throws IOException {
		try (stream) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}

package io.github.twiliospring.messaging.testsupport;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The names of all tests of all modules.
 */
class TestNamesTests {

	private static final int LONGEST = 80;

	private static final Pattern METHOD = Pattern.compile(
			"@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate)\\b[\\s\\S]*?\\s(\\w+)\\([^)]*\\)\\s*(?:throws [\\w, ]+)?\\{");

	private static final Pattern SHOWN = Pattern
		.compile("(?:@DisplayName\\(|@ParameterizedTest\\(name = |@RepeatedTest\\(name = )\"([^\"]*)\"");

	@Test
	void areNotLongerThanALineOfAReport() throws IOException {
		List<String> names = new ArrayList<>();
		for (Path file : sources()) {
			String source = Files.readString(file);
			for (Pattern pattern : List.of(METHOD, SHOWN)) {
				Matcher matcher = pattern.matcher(source);
				while (matcher.find()) {
					names.add(matcher.group(1));
				}
			}
		}
		assertThat(names).hasSizeGreaterThan(1000).allMatch((name) -> name.length() <= LONGEST);
	}

	private static List<Path> sources() throws IOException {
		List<Path> sources = new ArrayList<>();
		Files.walkFileTree(Path.of(".."), new SimpleFileVisitor<>() {

			// What is built may come and go meanwhile.
			@Override
			public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
				return Set.of("target", "main", "node_modules", ".git", ".ci").contains(folder.getFileName().toString())
						? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				if (file.toString().endsWith(".java")) {
					sources.add(file);
				}
				return FileVisitResult.CONTINUE;
			}

		});
		return sources;
	}

}

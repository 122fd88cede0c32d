package com.example.reminders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What docs/getting-started.md shows is what this package holds, whose tests are run.
 */
class GettingStartedPageTests {

	private static final Path PAGE = Path.of("../../docs/getting-started.md");

	@ParameterizedTest
	@ValueSource(strings = { "RemindersApplication", "RemindersTests" })
	void showsTheCodeThatRuns(String name) throws IOException {
		String code = Files.readString(Path.of("src/test/java/com/example/reminders/" + name + ".java"));
		assertThat(Files.readString(PAGE)).contains("```java\n" + code.replace("\t", "    ") + "```\n");
	}

	@Test
	void namesTheVersionsOfThisBuild() throws IOException {
		String page = Files.readString(PAGE);
		String parent = Files.readString(Path.of("../../pom.xml"));
		List<String> versions = Pattern.compile("<(?:netty\\.)?version>\\d[^<]*<")
			.matcher(parent)
			.results()
			.limit(3)
			.map((match) -> match.group().replaceFirst(".*>(.*)<", ">$1<"))
			.toList();
		assertThat(versions).hasSize(3).allSatisfy((version) -> assertThat(page).contains(version));
	}

}

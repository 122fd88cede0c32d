package com.example.shop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The code that the README shows is code that compiles.
 */
class ReadmeTests {

	@ParameterizedTest
	@CsvSource({ "sending,src/test/java/com/example/shop/ReadmeCode.java",
			"receiving,src/test/java/com/example/shop/ReadmeCode.java",
			"inbound,src/test/java/com/example/shop/ReadmeCode.java",
			"testing,../samples/order-updates/src/test/java/com/example/orders/ReadmeCodeTests.java" })
	void showsTheCodeThatCompiles(String name, Path source) throws IOException {
		List<String> compiled = between(source, "// begin " + name, "// end " + name);
		List<String> shown = between(Path.of("../README.md"), "<!-- code: " + name + " -->", "```");
		assertThat(shown).isNotEmpty().isEqualTo(compiled);
	}

	private static List<String> between(Path file, String begin, String end) throws IOException {
		return Files.readAllLines(file)
			.stream()
			.map((line) -> line.replaceAll("^\t+", ""))
			.dropWhile((line) -> !line.equals(begin))
			.skip(1)
			.dropWhile((line) -> line.equals("```java"))
			.takeWhile((line) -> !line.equals(end))
			.collect(Collectors.toList());
	}

}

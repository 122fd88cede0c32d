package com.example.durable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The code that docs/operations.md shows is the code that is tested.
 */
class DocumentedRecipeTests {

	@Test
	void showsTheCodeThatIsTested() throws IOException {
		assertThat(between(Path.of("../../docs/operations.md"), "<!-- code: durable sending -->", "```")).isNotEmpty()
			.isEqualTo(between(Path.of("src/test/java/com/example/durable/OrderMessages.java"),
					"// begin durable sending", "// end durable sending"));
	}

	private static List<String> between(Path file, String begin, String end) throws IOException {
		return Files.readAllLines(file)
			.stream()
			.map((line) -> line.replaceAll("^\t+", ""))
			.dropWhile((line) -> !line.equals(begin))
			.skip(1)
			.dropWhile((line) -> line.equals("```java"))
			.takeWhile((line) -> !line.equals(end))
			.toList();
	}

}

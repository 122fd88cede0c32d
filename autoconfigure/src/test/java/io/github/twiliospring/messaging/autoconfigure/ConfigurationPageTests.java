package io.github.twiliospring.messaging.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page about the properties says what the metadata says, which editors show.
 */
class ConfigurationPageTests {

	private static final Path PAGE = Path.of("../docs/configuration.md");

	private static final Path METADATA = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

	@Test
	void theTablesHaveEachPropertyAndNoOther() throws IOException {
		Set<String> expected = properties().stream()
			.filter((property) -> !property.containsKey("deprecated"))
			.map(ConfigurationPageTests::row)
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> shown = Files.readAllLines(PAGE)
			.stream()
			.filter((line) -> line.startsWith("| `"))
			.filter((line) -> !line.startsWith("| `twilio.simulator."))
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> missing = new TreeSet<>(expected);
		missing.removeAll(shown);
		Set<String> outdated = new TreeSet<>(shown);
		outdated.removeAll(expected);
		assertThat(missing.isEmpty() && outdated.isEmpty())
			.as("docs/configuration.md has other properties than the code.%nPaste these rows:%n%s%nRemove these:%n%s",
					String.join("\n", missing), String.join("\n", outdated))
			.isTrue();
	}

	@Test
	void theTablesAreSortedAndNothingIsNamedTwice() throws IOException {
		for (String table : Files.readString(PAGE).split("\\| --- \\|.*\n")) {
			List<String> names = table.lines()
				.filter((line) -> line.startsWith("| `"))
				.map((line) -> line.split("`")[1])
				.toList();
			assertThat(names).isSorted().doesNotHaveDuplicates();
		}
	}

	@Test
	void eachPropertyHasADescriptionAndAType() throws IOException {
		assertThat(properties()).isNotEmpty().allSatisfy((property) -> {
			assertThat(property).containsKeys("type", "description");
			assertThat((String) property.get("description")).as(name(property)).matches("[A-Z].*\\.");
		});
	}

	@Test
	void eachDeprecatedPropertySaysWhatReplacesItAndSinceWhen() throws IOException {
		Set<String> names = properties().stream().map(ConfigurationPageTests::name).collect(Collectors.toSet());
		assertThat(properties()).filteredOn((property) -> property.containsKey("deprecated")).allSatisfy((property) -> {
			Map<?, ?> deprecation = (Map<?, ?>) property.get("deprecation");
			assertThat(names).as(name(property)).contains((String) deprecation.get("replacement"));
			assertThat(deprecation.get("since")).as(name(property)).isNotNull();
		});
	}

	@Test
	void eachHintIsForAPropertyAndOffersItsDefault() throws IOException {
		Map<String, Map<String, Object>> byName = properties().stream()
			.collect(Collectors.toMap(ConfigurationPageTests::name, (property) -> property));
		assertThat(read("hints")).isNotEmpty().allSatisfy((hint) -> {
			assertThat(byName).containsKey(name(hint));
			Object defaultValue = byName.get(name(hint)).get("defaultValue");
			List<Object> values = ((List<?>) hint.get("values")).stream()
				.<Object>map((value) -> ((Map<?, ?>) value).get("value"))
				.toList();
			if (defaultValue != null) {
				assertThat(values).as(name(hint)).contains(defaultValue);
			}
		});
	}

	private static String row(Map<String, Object> property) {
		Object defaultValue = property.get("defaultValue");
		return "| `%s` | %s | %s | %s |".formatted(name(property), type((String) property.get("type")),
				(defaultValue != null) ? "`" + defaultValue + "`" : "",
				((String) property.get("description")).replace("|", "\\|"));
	}

	private static String type(String type) {
		Class<?> enumeration = type.contains("<") ? Object.class : ClassUtils.resolveClassName(type, null);
		if (enumeration.isEnum()) {
			return Stream.of(enumeration.getEnumConstants())
				.map((constant) -> "`" + ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
				.collect(Collectors.joining(", "));
		}
		return Arrays.stream(type.split("(?<=<)"))
			.map((part) -> part.substring(part.lastIndexOf('.') + 1))
			.collect(Collectors.joining("", type.contains("<") ? "`" : "", type.contains("<") ? "`" : ""));
	}

	private static String name(Map<String, Object> entry) {
		return (String) entry.get("name");
	}

	private static Collection<Map<String, Object>> properties() throws IOException {
		return read("properties");
	}

	@SuppressWarnings("unchecked")
	private static Collection<Map<String, Object>> read(String list) throws IOException {
		return (Collection<Map<String, Object>>) JsonParserFactory.getJsonParser()
			.parseMap(Files.readString(METADATA))
			.get(list);
	}

}

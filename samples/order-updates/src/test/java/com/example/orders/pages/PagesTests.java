package com.example.orders.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the pages show is true: Java stands in code that the build compiles, properties
 * are known and take the value, and dependencies have the names and versions of this
 * build.
 */
class PagesTests {

	private static final Path ROOT = Path.of("../..");

	private static final Pattern BLOCK = Pattern.compile("(?m)^ *```(\\w*)\n((?s).*?)^ *```$");

	@Test
	void eachBlockIsOfAKindThatIsCheckedOrOfNone() {
		// JSON is the simulator's seed, which its SeedTests begin with. The languages
		// after "mermaid" aren't on the machines that build this.
		assertThat(blocks((language) -> true)).extracting(Block::language)
			.isSubsetOf("java", "js", "json", "sql", "yaml", "xml", "sh", "text", "mermaid", "csharp", "go", "php",
					"python", "ruby")
			.contains("java", "yaml", "xml");
	}

	@ParameterizedTest
	@MethodSource("code")
	void codeStandsInFilesThatAreCompiledOrRun(Block block) {
		String shown = withoutIndentation(block.text());
		assertThat(sources().anyMatch((source) -> source.contains(shown)))
			.as("%s: a file under a module's src has this code:%n%s", block, block.text())
			.isTrue();
	}

	@Test
	void examplesFitOnAScreen() {
		Set<String> pages = Set.of("docs/examples.md", "docs/migrating.md");
		assertThat(code().filter((block) -> pages.contains(block.page()))).isNotEmpty()
			.allSatisfy((block) -> assertThat(block.text().lines().count()).as("%s", block).isLessThanOrEqualTo(40));
	}

	@Test
	void theTableOfTheSimulatorsPropertiesIsItsMetadata() {
		List<String> shown = read(ROOT.resolve("docs/configuration.md")).lines()
			.filter((line) -> line.startsWith("| `twilio.simulator."))
			.map((line) -> line.split("`")[1] + " " + line.substring(line.lastIndexOf("| ", line.length() - 3)))
			.toList();
		assertThat(shown).containsExactlyInAnyOrderElementsOf(
				properties().filter((property) -> property.get("name").toString().startsWith("twilio.simulator."))
					.map((property) -> property.get("name") + " | " + property.get("description") + " |")
					.toList());
	}

	@ParameterizedTest
	@MethodSource("yaml")
	void eachPropertyIsKnownAndTakesTheValue(Block block) {
		Map<String, String> types = propertyTypes();
		YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
		yaml.setResources(new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8)));
		Properties properties = yaml.getObject();
		assertThat(properties).isNotEmpty();
		properties.stringPropertyNames().forEach((name) -> {
			String known = types.keySet()
				.stream()
				.filter((key) -> name.equals(key)
						|| (name.startsWith(key + ".") && types.get(key).startsWith("java.util.Map")))
				.findAny()
				.orElse(null);
			assertThat(known).as("%s: the metadata's name for %s", block, name).isNotNull();
			String value = properties.getProperty(name);
			if (name.equals(known) && !value.contains("${")) {
				Class<?> type = ClassUtils.resolveClassName(types.get(name).replaceAll("<.*", ""), null);
				assertThat(ApplicationConversionService.getSharedInstance().convert(value, type)).isNotNull();
			}
		});
	}

	@ParameterizedTest
	@MethodSource("xml")
	void dependenciesHaveTheNamesAndVersionsOfThisBuild(Block block) throws Exception {
		String poms = modules().map((module) -> read(module.resolve("pom.xml"))).collect(Collectors.joining());
		Document document = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new InputSource(new StringReader(block.text().strip())));
		for (String kind : List.of("parent", "dependency", "plugin")) {
			for (Element element : elements(document.getElementsByTagName(kind))) {
				Map<String, String> children = children(element);
				assertThat(children.values()).allMatch(
						(value) -> value.isBlank() || value.startsWith("${") || poms.contains(">" + value + "<"),
						block + ": a value of this build's poms");
				assertThat(children.containsKey("version")
						|| !children.get("groupId").startsWith("io.github.twiliospring"))
					.as("%s: the version, which nothing manages, of %s", block, children)
					.isTrue();
			}
		}
		for (Element properties : elements(document.getElementsByTagName("properties"))) {
			assertThat(children(properties).values()).allMatch((value) -> poms.contains(">" + value + "<"),
					block + ": a value of this build's poms");
		}
	}

	static Stream<Block> code() {
		return blocks(Set.of("java", "js", "sql")::contains);
	}

	static Stream<Block> yaml() {
		return blocks("yaml"::equals);
	}

	static Stream<Block> xml() {
		return blocks("xml"::equals);
	}

	private static Stream<Block> blocks(Predicate<String> language) {
		List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
		pages.addAll(files(ROOT.resolve("docs"), ".md"));
		return pages.stream().flatMap((page) -> {
			String text = read(page);
			return BLOCK.matcher(text).results().map((match) -> Block.of(page, text, match));
		}).filter((block) -> language.test(block.language()));
	}

	private static Stream<String> sources() {
		return modules().map((module) -> module.resolve("src"))
			.filter(Files::exists)
			.flatMap((directory) -> Stream.of(".java", ".js", ".sql")
				.flatMap((extension) -> files(directory, extension).stream()))
			.map((file) -> withoutIndentation(read(file)));
	}

	private static Stream<Path> modules() {
		return Stream.concat(Stream.of(ROOT),
				Pattern.compile("<module>(.*)</module>")
					.matcher(read(ROOT.resolve("pom.xml")))
					.results()
					.map((match) -> ROOT.resolve(match.group(1))));
	}

	// The pages are indented by spaces, the code by tabs.
	private static String withoutIndentation(String code) {
		return code.lines()
			.map(String::strip)
			.filter((line) -> !line.isEmpty())
			.collect(Collectors.joining("\n", "\n", "\n"));
	}

	private static Map<String, String> propertyTypes() {
		Map<String, String> types = new HashMap<>();
		properties().forEach((property) -> types.put((String) property.get("name"), (String) property.get("type")));
		return types;
	}

	private static Stream<Map<?, ?>> properties() {
		try {
			List<Map<?, ?>> properties = new ArrayList<>();
			for (URL url : Collections
				.list(PagesTests.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
				try (InputStream input = url.openStream()) {
					String json = new String(input.readAllBytes(), StandardCharsets.UTF_8);
					((List<?>) JsonParserFactory.getJsonParser().parseMap(json).get("properties")).stream()
						.<Map<?, ?>>map((property) -> (Map<?, ?>) property)
						.filter((property) -> !property.containsKey("deprecated"))
						.forEach(properties::add);
				}
			}
			return properties.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Element> elements(NodeList nodes) {
		return IntStream.range(0, nodes.getLength())
			.mapToObj(nodes::item)
			.filter(Element.class::isInstance)
			.map(Element.class::cast)
			.toList();
	}

	private static Map<String, String> children(Element element) {
		return elements(element.getChildNodes()).stream()
			.collect(Collectors.toMap(Element::getTagName, Element::getTextContent));
	}

	private static List<Path> files(Path directory, String extension) {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().endsWith(extension)).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	record Block(String page, long line, String language, String text) {

		static Block of(Path page, String text, MatchResult match) {
			return new Block(ROOT.relativize(page).toString(), text.substring(0, match.start()).lines().count() + 1,
					match.group(1), match.group(2));
		}

		@Override
		public String toString() {
			return this.page + ":" + this.line;
		}

	}

}

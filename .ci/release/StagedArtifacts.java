import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * Checks that what is staged may be published: what Maven Central demands of poms and
 * files, and what we promise beside (license, notice, SBOM). It takes the folder of the
 * staging repository and the version, lists all faults, and then fails.
 */
class StagedArtifacts {

	private static final Set<String> MODULES = new TreeSet<>(List.of("twilio-messaging", "twilio-messaging-outbox",
			"twilio-messaging-simulator", "twilio-messaging-spring-boot-autoconfigure",
			"twilio-messaging-spring-boot-starter", "twilio-messaging-spring-boot-starter-outbox"));

	private static final List<String> DEMANDED = List.of("name", "description", "url", "licenses/license/name",
			"licenses/license/url", "developers/developer/name", "scm/connection", "scm/developerConnection",
			"scm/url");

	private static final List<String> SUFFIXES = List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar",
			"-cyclonedx.json");

	private final List<String> faults = new ArrayList<>();

	private final XPath xpath = XPathFactory.newInstance().newXPath();

	public static void main(String[] args) throws Exception {
		StagedArtifacts check = new StagedArtifacts();
		check.check(Path.of(args[0]).resolve("io/github/twiliospring"), args[1]);
		check.faults.forEach((fault) -> System.out.println("Fault: " + fault));
		if (!check.faults.isEmpty()) {
			System.exit(1);
		}
		System.out.println(MODULES.size() + " artifacts may be published.");
	}

	private void check(Path group, String version) throws Exception {
		Set<String> staged = new TreeSet<>();
		try (Stream<Path> folders = Files.list(group)) {
			folders.forEach((folder) -> staged.add(folder.getFileName().toString()));
		}
		expect(staged.equals(MODULES), "staged are " + staged + ", not " + MODULES);
		for (String module : staged) {
			Path folder = group.resolve(module).resolve(version);
			for (String suffix : SUFFIXES) {
				Path file = folder.resolve(module + "-" + version + suffix);
				if (expect(Files.isRegularFile(file), "there is no " + file.getFileName())) {
					checkSum(file, "SHA-1", ".sha1");
					checkSum(file, "MD5", ".md5");
				}
			}
			checkPom(folder.resolve(module + "-" + version + ".pom"), module);
			checkJars(folder);
		}
	}

	private void checkPom(Path file, String module) throws Exception {
		Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
		for (String element : DEMANDED) {
			expect(!text(pom, "/project/" + element).isBlank(), module + "'s pom has no " + element);
		}
		expect(text(pom, "/project/url").equals(text(pom, "/project/scm/url")),
				module + "'s pom names another address than its scm");
		for (String element : List.of("parent", "repositories", "profiles", "modules", "build", "dependencyManagement")) {
			expect(nodes(pom, "/project/" + element).getLength() == 0, module + "'s pom has a " + element);
		}
		NodeList dependencies = nodes(pom, "/project/dependencies/dependency");
		for (int i = 0; i < dependencies.getLength(); i++) {
			String name = this.xpath.evaluate("artifactId", dependencies.item(i));
			String version = this.xpath.evaluate("version", dependencies.item(i));
			expect(!version.isBlank(), module + "'s pom names no version of " + name);
			expect(!this.xpath.evaluate("scope", dependencies.item(i)).equals("test"),
					module + "'s pom has " + name + ", which is for tests");
		}
		String whole = Files.readString(file);
		expect(!whole.contains("SNAPSHOT"), module + "'s pom names a snapshot");
		expect(!whole.contains("${"), module + "'s pom has a placeholder");
		expect(!whole.contains("file:"), module + "'s pom names a file");
	}

	private void checkJars(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			for (Path file : files.filter(named(".jar")).toList()) {
				try (JarFile jar = new JarFile(file.toFile())) {
					boolean code = !file.toString().endsWith("-javadoc.jar");
					for (String entry : code ? List.of("META-INF/LICENSE", "META-INF/NOTICE") : List.<String>of()) {
						expect(jar.getEntry(entry) != null, file.getFileName() + " has no " + entry);
					}
					expect(jar.size() > 0, file.getFileName() + " is empty");
				}
			}
		}
	}

	private void checkSum(Path file, String algorithm, String suffix) throws Exception {
		Path sum = file.resolveSibling(file.getFileName() + suffix);
		String calculated = HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file)));
		expect(Files.exists(sum) && Files.readString(sum).strip().equals(calculated),
				file.getFileName() + " has no right " + suffix);
	}

	private String text(Document pom, String path) throws Exception {
		return this.xpath.evaluate(path, pom);
	}

	private NodeList nodes(Document pom, String path) throws Exception {
		return (NodeList) this.xpath.evaluate(path, pom, XPathConstants.NODESET);
	}

	private static Predicate<Path> named(String suffix) {
		return (file) -> file.toString().endsWith(suffix);
	}

	private boolean expect(boolean condition, String fault) {
		if (!condition) {
			this.faults.add(fault);
		}
		return condition;
	}

}

package io.github.twiliospring.messaging;

import java.util.Map;
import java.util.Set;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The house keeps its order: each package may depend on those named beside it.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.twiliospring.messaging";

	private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
			Map.entry("", Set.of("client", "retry", "observation", "error", "message", "webhook", "timer")),
			Map.entry("client", Set.of("retry", "observation", "error", "message", "timer")),
			Map.entry("timer", Set.of()), Map.entry("retry", Set.of("error", "message")),
			Map.entry("observation", Set.of("error", "message")), Map.entry("error", Set.of("message")),
			Map.entry("message", Set.of()), Map.entry("signature", Set.of()), Map.entry("webhook", Set.of("message")),
			Map.entry("webhook.ledger", Set.of("message")),
			Map.entry("webhook.dispatch",
					Set.of("webhook", "webhook.ledger", "signature", "observation", "message", "timer")),
			Map.entry("webhook.sweep", Set.of("", "webhook", "webhook.dispatch", "observation", "message")),
			Map.entry("webhook.reactive", Set.of("webhook", "webhook.dispatch", "signature")),
			Map.entry("webhook.servlet", Set.of("webhook", "webhook.dispatch", "signature")));

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ROOT);

	@Test
	void eachPackageDependsOnThoseBelowItOnly() {
		assertThat(CLASSES).isNotEmpty();
		for (JavaClass type : CLASSES) {
			String from = packageOf(type);
			assertThat(MAY_USE).as("a place in the house for " + type.getName()).containsKey(from);
			type.getDirectDependenciesFromSelf()
				.stream()
				.map((dependency) -> dependency.getTargetClass().getBaseComponentType())
				.filter((target) -> target.getPackageName().startsWith(ROOT))
				.map(ArchitectureTests::packageOf)
				.filter((target) -> !target.equals(from))
				.forEach((target) -> assertThat(MAY_USE.get(from)).as(type.getName() + " uses " + target)
					.contains(target));
		}
	}

	@Test
	void springRetryIsKnownInOnePackageAlone() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".retry")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.retry..")
			.because("it's no longer developed, and must be replaceable in one place")
			.check(CLASSES);
	}

	@Test
	void theHttpStacksAreKnownInTheirAdaptersAlone() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".webhook.servlet")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("jakarta.servlet..")
			.because("the same handlers serve both stacks")
			.check(CLASSES);
		noClasses().that()
			.resideOutsideOfPackages(ROOT + ".webhook.reactive", ROOT + ".client")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.web.server..", "org.springframework.http.server.reactive..",
					"reactor.netty..")
			.because("the same handlers serve both stacks")
			.check(CLASSES);
	}

	private static String packageOf(JavaClass type) {
		String name = type.getPackageName();
		return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
	}

}

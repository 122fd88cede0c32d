package io.github.twiliospring.messaging.outbox;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The outbox is built on what the library promises to everybody, and nobody else knows
 * what wakes it.
 */
class OutboxArchitectureTests {

	private static final String ROOT = "io.github.twiliospring.messaging";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ROOT + ".outbox");

	// What docs/architecture.md calls API, of which an outbox needs no more than these.
	private static final DescribedPredicate<JavaClass> API = resideInAnyPackage(ROOT, ROOT + ".error",
			ROOT + ".message", ROOT + ".webhook", ROOT + ".webhook.ledger")
		.or(resideInAPackage(ROOT + ".outbox"))
		.as("the API that an outbox needs");

	@Test
	void usesThePublicApiOfTheLibraryAlone() {
		noClasses().should()
			.dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(API)))
			.because("whoever replaces the outbox must be able to do what it does")
			.check(CLASSES);
	}

	@Test
	void showsNothingOfDbScheduler() {
		noClasses().that()
			.arePublic()
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.github.kagkarlsson..")
			.because("an application may use db-scheduler for itself, in another version of its API")
			.check(CLASSES);
	}

}

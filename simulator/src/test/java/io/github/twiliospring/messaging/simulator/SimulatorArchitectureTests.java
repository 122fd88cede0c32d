package io.github.twiliospring.messaging.simulator;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.engine.World;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

/**
 * What may know what, inside the simulator.
 */
class SimulatorArchitectureTests {

	private static final String ROOT = "io.github.twiliospring.messaging.simulator";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ROOT);

	@Test
	void keepsSpringOutOfAllButTheBootPackage() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".boot..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", ROOT + ".boot..",
					"io.github.twiliospring.messaging.autoconfigure..")
			.because("the engine runs without Spring, as a library and as a program of its own")
			.check(CLASSES);
	}

	@Test
	void sharesWithTheLibraryItsValuesAndItsSignerAlone() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".boot..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.github.twiliospring.messaging", "io.github.twiliospring.messaging.error..",
					"io.github.twiliospring.messaging.observation..", "io.github.twiliospring.messaging.retry..",
					"io.github.twiliospring.messaging.webhook..")
			.because("a judge that shares the code of whom it judges finds no fault")
			.check(CLASSES);
	}

	@Test
	void hasNoCircleAmongItsPackages() {
		SlicesRuleDefinition.slices()
			.matching(ROOT + ".(*)..")
			.should()
			.beFreeOfCycles()
			.because("each part can be read and changed for itself")
			.check(CLASSES);
	}

	@Test
	void keepsNothingOfTheWorldOutsideOfIt() {
		noFields().that()
			.areDeclaredInClassesThat()
			.resideOutsideOfPackage(ROOT + ".engine..")
			.should()
			.haveRawType(describe("part of the world",
					(type) -> type.getPackageName().equals(ROOT + ".engine") && !type.isRecord() && !type.isEnum()
							&& !type.isEquivalentTo(Timeline.class)))
			.because("state is reachable only inside of Timeline.call")
			.check(CLASSES);
	}

	@Test
	void letsNobodyButTheTimelineMakeAWorld() {
		noClasses().that()
			.doNotBelongToAnyOf(Timeline.class)
			.should()
			.callConstructorWhere(target(owner(type(World.class))))
			.because("a second world has no lock")
			.check(CLASSES);
	}

	@Test
	void knowsHttpOnlyWhereItIsServedOrCalled() {
		noClasses().that()
			.resideInAnyPackage(ROOT + ".engine..", ROOT + ".fault..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.netty..", "reactor..", "tools.jackson..", ROOT + ".http..")
			.because("states and rules are the same whatever carries them")
			.check(CLASSES);
	}

}

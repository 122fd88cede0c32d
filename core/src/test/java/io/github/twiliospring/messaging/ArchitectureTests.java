package io.github.twiliospring.messaging;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
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

	private static final Map<String, Set<String>> MAY_USE = Map.of("",
			Set.of("retry", "observation", "error", "message", "webhook"), "retry", Set.of("error", "message"),
			"observation", Set.of("error", "message"), "error", Set.of("message"), "message", Set.of(), "signature",
			Set.of(), "webhook", Set.of("webhook.ledger", "signature", "observation", "message"), "webhook.ledger",
			Set.of("message"), "webhook.sweep", Set.of("", "webhook", "observation", "message"));

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
			.haveNameNotMatching(".*\\.(ServletWebhooks|ServletExchange|ServletBody|ReplayedRequest|WebhookFilter|"
					+ "VerifiedWebhookFilter|VerifiedWebhookInterceptor)(\\$.*)?")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("jakarta.servlet..")
			.because("the same handlers serve both stacks")
			.check(CLASSES);
		noClasses().that()
			.haveNameNotMatching(".*\\.(ReactiveWebhooks|ReactiveExchange|WebhookWebFilter|VerifiedWebhookWebFilter|"
					+ "VerifiedWebhookHandlerAdapter)(\\$.*)?")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.web.server..", "org.springframework.http.server.reactive..")
			.because("the same handlers serve both stacks")
			.check(CLASSES);
	}

	@Test
	void reactorNettyIsKnownAtTheConnectorAlone() {
		noClasses().that()
			.doNotHaveFullyQualifiedName(AnswerGuard.class.getName())
			.and()
			.haveNameNotMatching(
					".*\\.(AnswerGuard\\$.*|(Api|Default)Connector(\\$.*)?|HandOver|ReactorNetty.*|EventLoops(\\$.*)?)")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor.netty..", "io.netty..")
			.because("it may be missing")
			.check(CLASSES);
	}

	@Test
	void aSendMeetsEachClassOnceAndNoStepCallsBackUp() {
		List<Class<?>> road = List.of(MessagingTemplateBuilder.class, MessagingTemplate.class, OperationObserver.class,
				OutboundMessageCompleter.class, FormEncoder.class, Calls.class, Execution.class, Retries.class,
				Decision.class, ApiClient.class, RequestCustomizations.class, ExchangeObservation.class,
				ApiConnector.class, ReactorNettyExchange.class, ApiRequest.class, HandOver.class, AnswerGuard.class,
				AnswerReader.class, ApiCall.class, Attempt.class, Outcome.class);
		for (int step = 1; step < road.size(); step++) {
			Set<String> before = road.subList(0, step).stream().map(Class::getName).collect(Collectors.toSet());
			if (road.get(step) == MessagingTemplate.class) {
				// It makes its own builder.
				before.remove(MessagingTemplateBuilder.class.getName());
			}
			JavaClass type = CLASSES.get(road.get(step));
			Set<String> back = dependenciesWithNested(type);
			back.retainAll(before);
			assertThat(back).as(type.getName() + " calls back up").isEmpty();
		}
	}

	// The packages whose public types keep their promises; docs/architecture.md names
	// them, and the API check compares them.
	private static final Set<String> API = Set.of("", "error", "message", "observation", "retry", "signature",
			"webhook", "webhook.ledger", "webhook.sweep");

	@Test
	void publicMeansApi() {
		for (JavaClass type : CLASSES) {
			if (!API.contains(packageOf(type)) || !isPublic(type)) {
				continue;
			}
			type.getConstructors()
				.stream()
				.filter((constructor) -> constructor.getModifiers().contains(JavaModifier.PUBLIC))
				.flatMap((constructor) -> constructor.getRawParameterTypes().stream())
				.filter((parameter) -> parameter.getPackageName().startsWith(ROOT))
				.forEach((parameter) -> assertThat(isPublic(parameter) && API.contains(packageOf(parameter)))
					.as("the constructor of " + type.getName() + " takes " + parameter.getName())
					.isTrue());
		}
		assertThat(CLASSES.stream()
			.filter((type) -> packageOf(type).isEmpty() && isPublic(type))
			.map(JavaClass::getSimpleName)).containsExactlyInAnyOrder("ApiCredentials", "AttemptListener",
					"BlockingMessagingOperations", "MessageLimits", "MessagingOperations", "MessagingTemplate",
					"MessagingTemplateBuilder", "ReactorNettyConnector", "Reconciliation", "SendResult");
	}

	private static boolean isPublic(JavaClass type) {
		return type.getModifiers().contains(JavaModifier.PUBLIC)
				&& type.getEnclosingClass().map(ArchitectureTests::isPublic).orElse(true);
	}

	private static Set<String> dependenciesWithNested(JavaClass type) {
		return CLASSES.stream()
			.filter((each) -> each.getName().equals(type.getName()) || each.getName().startsWith(type.getName() + "$"))
			.flatMap((each) -> each.getDirectDependenciesFromSelf().stream())
			.map((dependency) -> dependency.getTargetClass().getBaseComponentType().getName().replaceAll("\\$.*", ""))
			.collect(Collectors.toSet());
	}

	private static String packageOf(JavaClass type) {
		String name = type.getPackageName();
		return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
	}

}

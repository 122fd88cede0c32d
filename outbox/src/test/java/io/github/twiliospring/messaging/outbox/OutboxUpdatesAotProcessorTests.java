package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.lang.reflect.Method;

import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.javapoet.ClassName;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxUpdatesAotProcessorTests {

	@Test
	void keepsAnnotatedMethodsCallableInANativeImage() {
		RuntimeHints hints = process(Updates.class);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Updates.class, "tell")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Teller.class, "tell"))).accepts(hints);
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(OutboxUpdate.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Updates.class, "other")))
			.rejects(hints);
	}

	@Test
	void letsAnEventPublicationRegistryReadTheEvent() {
		RuntimeHints hints = process(OutboxUpdateEventPublisher.class);
		for (Class<?> type : new Class<?>[] { OutboxUpdateEvent.class, OutboxEntry.class }) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onType(type)
				.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)).accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.reflection().onType(OutboxUpdateEvent.class)).rejects(process(Updates.class));
	}

	@Test
	void takesTheFilesThatMakeTheTablesOfEachDatabaseAlong() throws IOException {
		RuntimeHints hints = new RuntimeHints();
		new OutboxRuntimeHints().registerHints(hints, getClass().getClassLoader());
		String folder = "io/github/twiliospring/messaging/outbox/";
		assertThat(new PathMatchingResourcePatternResolver().getResources("classpath*:" + folder + "*.sql"))
			.extracting(Resource::getFilename)
			.contains("schema-h2.sql", "schema-mariadb.sql", "schema-postgresql.sql")
			.allSatisfy(
					(file) -> assertThat(RuntimeHintsPredicates.resource().forResource(folder + file)).accepts(hints));
	}

	private static RuntimeHints process(Class<?> type) {
		GenericApplicationContext context = new GenericApplicationContext();
		context.registerBean(type);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		return generation.getRuntimeHints();
	}

	private static Method method(Class<?> type, String name) {
		for (Method method : ReflectionUtils.getDeclaredMethods(type)) {
			if (method.getName().equals(name)) {
				return method;
			}
		}
		throw new AssertionError("No method " + name);
	}

	interface Teller {

		void tell(OutboxEntry entry);

	}

	static class Updates implements Teller {

		@Override
		@OutboxUpdate
		public void tell(OutboxEntry entry) {
		}

		void other() {
		}

	}

}

package io.github.twiliospring.messaging.webhook;

import java.lang.reflect.Method;

import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

class HandlerMethodsAotProcessorTests {

	@Test
	void keepsAnnotatedMethodsCallableInANativeImage() {
		RuntimeHints hints = process(Handlers.class);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Handlers.class, "track")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Handlers.class, "answer")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Handlers.class, "trackParts")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Tracker.class, "track")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(StatusCallback.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(InboundMessage.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Handlers.class, "other")))
			.rejects(hints);
	}

	@Test
	void letsAnEventPublicationRegistryReadTheEvent() {
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(StatusUpdateEvent.class)
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
			.accepts(process(StatusUpdateEventPublisher.class));
		assertThat(RuntimeHintsPredicates.reflection().onType(StatusUpdateEvent.class))
			.rejects(process(Handlers.class));
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

	interface Tracker {

		void track(StatusUpdate update);

	}

	static class Handlers implements Tracker {

		@Override
		@StatusCallback
		public void track(StatusUpdate update) {
		}

		@StatusCallback(MessageStatus.DELIVERED)
		void trackParts(MessageStatus status, @Nullable MessageError error,
				@CallbackParameter("RawDlrDoneDate") @Nullable String date) {
		}

		@InboundMessage
		Reply answer(IncomingMessage message) {
			return Reply.none();
		}

		void other() {
		}

	}

}

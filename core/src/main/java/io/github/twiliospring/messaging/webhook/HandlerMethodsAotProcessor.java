package io.github.twiliospring.messaging.webhook;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * Keeps annotated methods callable in a native image: they are called by reflection
 * alone, and nothing else refers to them.
 */
class HandlerMethodsAotProcessor implements BeanRegistrationAotProcessor {

	private static final List<Class<? extends Annotation>> ANNOTATIONS = List.of(StatusCallback.class,
			InboundMessage.class);

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		Class<?> type = ClassUtils.getUserClass(registeredBean.getBeanClass());
		Set<Method> methods = new LinkedHashSet<>(
				MethodIntrospector.selectMethods(type, (Method method) -> ANNOTATIONS.stream()
					.anyMatch((annotation) -> AnnotatedElementUtils.hasAnnotation(method, annotation))));
		boolean publishes = StatusUpdateEventPublisher.class.isAssignableFrom(type);
		if (methods.isEmpty()) {
			return null;
		}
		return (context, code) -> {
			RuntimeHints hints = context.getRuntimeHints();
			methods.forEach((method) -> register(hints, type, method));
			// The annotations' aliases are resolved by proxies.
			ANNOTATIONS.forEach(hints.proxies()::registerJdkProxy);
			if (publishes) {
				// An event publication registry writes it as JSON.
				new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(),
						StatusUpdateEvent.class);
			}
		};
	}

	// Behind a JDK proxy it's the interface's method that is called.
	private static void register(RuntimeHints hints, Class<?> type, Method method) {
		hints.reflection().registerMethod(method, ExecutableMode.INVOKE);
		for (Class<?> each : ClassUtils.getAllInterfacesForClassAsSet(type)) {
			Method declared = ClassUtils.getMethodIfAvailable(each, method.getName(), method.getParameterTypes());
			if (declared != null) {
				hints.reflection().registerMethod(declared, ExecutableMode.INVOKE);
			}
		}
	}

}

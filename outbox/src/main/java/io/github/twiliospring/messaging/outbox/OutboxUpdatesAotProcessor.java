package io.github.twiliospring.messaging.outbox;

import java.lang.reflect.Method;
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
 * Keeps {@link OutboxUpdate @OutboxUpdate} methods callable in a native image: they are
 * called by reflection alone, and nothing else refers to them.
 */
class OutboxUpdatesAotProcessor implements BeanRegistrationAotProcessor {

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		Class<?> type = ClassUtils.getUserClass(registeredBean.getBeanClass());
		Set<Method> methods = MethodIntrospector.selectMethods(type,
				(Method method) -> AnnotatedElementUtils.hasAnnotation(method, OutboxUpdate.class));
		if (methods.isEmpty()) {
			return null;
		}
		boolean publishes = OutboxUpdateEventPublisher.class.isAssignableFrom(type);
		return (context, code) -> {
			RuntimeHints hints = context.getRuntimeHints();
			methods.forEach((method) -> register(hints, type, method));
			// The aliases of an annotation of the application's own are resolved by it.
			hints.proxies().registerJdkProxy(OutboxUpdate.class);
			if (publishes) {
				// An event publication registry writes it as JSON.
				new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(),
						OutboxUpdateEvent.class);
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

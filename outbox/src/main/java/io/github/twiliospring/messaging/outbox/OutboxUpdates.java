package io.github.twiliospring.messaging.outbox;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.twiliospring.messaging.webhook.InvalidHandlerException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The application's {@link OutboxUpdate @OutboxUpdate} methods. They are found by type
 * alone: no bean is created for it.
 */
final class OutboxUpdates {

	private static final Log logger = LogFactory.getLog(OutboxUpdates.class);

	private static final Set<OutboxState> TOLD = EnumSet.of(OutboxState.UNRESOLVED, OutboxState.SENT,
			OutboxState.REJECTED, OutboxState.CANCELED, OutboxState.EXPIRED);

	private final @Nullable ConfigurableListableBeanFactory beanFactory;

	private volatile List<Handler> handlers = List.of();

	/**
	 * Looks for methods in a bean factory.
	 * @param beanFactory the application's, or {@code null} where there's none
	 */
	OutboxUpdates(@Nullable ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Looks for the methods.
	 * @throws InvalidHandlerException if one can't be called
	 */
	void scan() {
		ConfigurableListableBeanFactory factory = this.beanFactory;
		if (factory == null) {
			return;
		}
		List<Handler> found = new ArrayList<>();
		for (String beanName : factory.getBeanNamesForType(Object.class, true, false)) {
			Class<?> type = ScopedProxyUtils.isScopedTarget(beanName) ? null
					: AutoProxyUtils.determineTargetClass(factory, beanName);
			if (type != null && AnnotationUtils.isCandidateClass(type, OutboxUpdate.class)) {
				annotated(ClassUtils.getUserClass(type))
					.forEach((method, annotation) -> found.add(handler(factory, beanName, method, annotation)));
			}
		}
		found.sort(Comparator.comparingInt(Handler::order).thenComparing(Handler::name));
		found.forEach((handler) -> logger.info("Outbox updates are handled by " + handler.name()));
		this.handlers = List.copyOf(found);
	}

	boolean hears(OutboxState state) {
		return this.handlers.stream().anyMatch((handler) -> handler.states().contains(state));
	}

	/**
	 * Tells every method that asks for the entry's state, even if another fails.
	 * @return whether none failed
	 */
	boolean tell(OutboxEntry entry) {
		boolean told = true;
		for (Handler handler : this.handlers) {
			if (handler.states().contains(entry.state())) {
				told &= tell(handler, entry);
			}
		}
		return told;
	}

	private static boolean tell(Handler handler, OutboxEntry entry) {
		try {
			handler.call(entry);
			return true;
		}
		catch (Exception | LinkageError ex) {
			logger.error("The handler " + handler.name() + " failed for an entry that is " + entry.state().value()
					+ "; it's called again", ex);
			return false;
		}
	}

	private static Map<Method, OutboxUpdate> annotated(Class<?> type) {
		return MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<OutboxUpdate>) (method) -> AnnotatedElementUtils
					.findMergedAnnotation(method, OutboxUpdate.class));
	}

	private static Handler handler(ConfigurableListableBeanFactory factory, String beanName, Method method,
			OutboxUpdate annotation) {
		String name = beanName + "." + method.getName();
		if (method.getParameterCount() != 1 || method.getParameterTypes()[0] != OutboxEntry.class) {
			throw new InvalidHandlerException(beanName, method, "it has to take an OutboxEntry, and nothing else");
		}
		Set<OutboxState> states = (annotation.value().length > 0) ? Set.of(annotation.value()) : TOLD;
		if (!TOLD.containsAll(states)) {
			throw new InvalidHandlerException(beanName, method,
					"it asks for a state that isn't told; these are: " + TOLD);
		}
		Class<?> beanType = factory.getType(beanName);
		Method invocable = AopUtils.selectInvocableMethod(method,
				(beanType != null) ? beanType : method.getDeclaringClass());
		ReflectionUtils.makeAccessible(invocable);
		Order order = AnnotatedElementUtils.findMergedAnnotation(method, Order.class);
		return new Handler(name, (order != null) ? order.value() : Integer.MAX_VALUE, states, factory, beanName,
				invocable);
	}

	/**
	 * A method, ready to be called.
	 */
	private record Handler(String name, int order, Set<OutboxState> states, ConfigurableListableBeanFactory factory,
			String beanName, Method method) {

		void call(OutboxEntry entry) throws Exception {
			Object result;
			try {
				result = this.method.invoke(this.factory.getBean(this.beanName), entry);
			}
			catch (ReflectiveOperationException ex) {
				throw (ex.getCause() instanceof Exception cause) ? cause : ex;
			}
			ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance()
				.getAdapter(this.method.getReturnType());
			if (adapter != null && result != null) {
				Mono.ignoreElements(adapter.toPublisher(result)).block();
			}
		}

	}

}

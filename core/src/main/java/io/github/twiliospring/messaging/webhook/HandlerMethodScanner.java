package io.github.twiliospring.messaging.webhook;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ClassUtils;

/**
 * Finds annotated methods by type alone: no bean is created for it, and proxies are
 * looked through.
 *
 * @param <A> the annotation, or one that is meta-annotated with it
 */
final class HandlerMethodScanner<A extends Annotation> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Class<A> annotationType;

	HandlerMethodScanner(ConfigurableListableBeanFactory beanFactory, Class<A> annotationType) {
		this.beanFactory = beanFactory;
		this.annotationType = annotationType;
	}

	/**
	 * The methods that the application has.
	 * @return the methods in their order
	 */
	List<Found<A>> scan() {
		List<Found<A>> found = new ArrayList<>();
		for (String beanName : this.beanFactory.getBeanNamesForType(Object.class, true, false)) {
			Class<?> type = typeOf(beanName);
			// The framework's own beans are most of a small application's, and have none.
			if (type != null && !type.getName().startsWith("org.springframework.")
					&& AnnotationUtils.isCandidateClass(type, this.annotationType)) {
				annotated(type).forEach((method, annotation) -> found.add(new Found<>(beanName, method, annotation)));
			}
		}
		found.sort(Comparator.<Found<A>>comparingInt(Found::order).thenComparing(Found::id));
		return found;
	}

	private Map<Method, A> annotated(Class<?> type) {
		return MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<A>) (method) -> AnnotatedElementUtils.findMergedAnnotation(method,
						this.annotationType));
	}

	/**
	 * Makes a method callable.
	 * @param <E> what it's called for
	 * @param found the method
	 * @param resolver gives what supplies a parameter, {@code null} where nothing does
	 * @param supported names what may be a parameter
	 * @return the method, ready to be called
	 * @throws InvalidHandlerException if it can't be called
	 */
	<E> HandlerMethod<E> bind(Found<A> found, Function<MethodParameter, HandlerMethod.@Nullable Argument<E>> resolver,
			String supported) {
		if (isUnheard(found.method())) {
			throw found.invalid("it's @Async and returns nothing, so that nobody hears of its failure; let it return a"
					+ " CompletableFuture, or leave @Async off");
		}
		Method method = found.method();
		List<HandlerMethod.Argument<E>> arguments = new ArrayList<>();
		for (int i = 0; i < method.getParameterCount(); i++) {
			MethodParameter parameter = new MethodParameter(method, i);
			HandlerMethod.Argument<E> argument = resolver.apply(parameter);
			if (argument == null) {
				Parameter declared = method.getParameters()[i];
				throw found.invalid("nothing supplies its parameter " + i + " '" + declared.getName() + "' of type "
						+ parameter.getParameterType().getName() + "; use " + supported);
			}
			arguments.add(argument);
		}
		String beanName = found.beanName();
		InvocableMethod invocable = new InvocableMethod(method, found::invalid);
		Class<?> beanType = this.beanFactory.getType(beanName);
		// A bean that isn't there yet may still become a proxy: it's looked at again when
		// it's called.
		invocable.on((beanType != null) ? beanType : method.getDeclaringClass());
		return new HandlerMethod<>(found.id(), () -> this.beanFactory.getBean(beanName), invocable, arguments,
				ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType()));
	}

	private static boolean isUnheard(Method method) {
		return method.getReturnType() == void.class && (AnnotatedElementUtils.hasAnnotation(method, Async.class)
				|| AnnotatedElementUtils.hasAnnotation(method.getDeclaringClass(), Async.class));
	}

	private @Nullable Class<?> typeOf(String beanName) {
		if (ScopedProxyUtils.isScopedTarget(beanName)) {
			return null;
		}
		Class<?> type = AutoProxyUtils.determineTargetClass(this.beanFactory, beanName);
		if (type != null && Proxy.isProxyClass(type)) {
			// Proxied by other means than Spring's auto-proxying: only the object knows.
			Object singleton = this.beanFactory.getSingleton(beanName);
			type = (singleton != null) ? AopUtils.getTargetClass(singleton) : type;
		}
		return (type != null) ? ClassUtils.getUserClass(type) : null;
	}

	/**
	 * An annotated method.
	 *
	 * @param <A> the annotation
	 * @param beanName the bean
	 * @param method the method as it's declared
	 * @param annotation the annotation with the attributes of those it's composed of
	 */
	record Found<A extends Annotation>(String beanName, Method method, A annotation) {

		/**
		 * A name that is the same in every instance and after a restart.
		 * @return bean, method and simple parameter types
		 */
		String id() {
			return Arrays.stream(this.method.getParameterTypes())
				.map(Class::getSimpleName)
				.collect(Collectors.joining(", ", this.beanName + "." + this.method.getName() + "(", ")"));
		}

		int order() {
			Order order = AnnotatedElementUtils.findMergedAnnotation(this.method, Order.class);
			return (order != null) ? order.value() : Integer.MAX_VALUE;
		}

		InvalidHandlerException invalid(String problem) {
			return new InvalidHandlerException(this.beanName, this.method, problem);
		}

	}

}

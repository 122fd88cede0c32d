package io.github.twiliospring.messaging.webhook.dispatch;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The application's {@link StatusCallback @StatusCallback} methods. They are found once
 * the singletons are there, by type alone: no bean is created for it, and proxies are
 * looked through. A method that can't be called fails the startup.
 */
public final class StatusCallbackHandlers implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(StatusCallbackHandlers.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final List<CallbackArgumentResolver> resolvers;

	// By status, so that a report isn't held against every handler.
	private final Map<MessageStatus, List<StatusCallbackHandler>> byStatus = new EnumMap<>(MessageStatus.class);

	/**
	 * Looks for methods in a bean factory.
	 * @param beanFactory the application's
	 * @param resolvers what supplies arguments before the built-in ones, in order
	 */
	public StatusCallbackHandlers(ConfigurableListableBeanFactory beanFactory,
			List<CallbackArgumentResolver> resolvers) {
		this.beanFactory = beanFactory;
		this.resolvers = new ArrayList<>(resolvers);
		this.resolvers.add(new BuiltInArgumentResolver());
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<OrderedHandler> found = new ArrayList<>();
		for (String beanName : this.beanFactory.getBeanNamesForType(Object.class, true, false)) {
			Class<?> type = typeOf(beanName);
			if (type != null && AnnotationUtils.isCandidateClass(type, StatusCallback.class)) {
				found.addAll(handlersOf(beanName, type));
			}
		}
		found.sort(Comparator.comparingInt(OrderedHandler::order));
		for (MessageStatus status : MessageStatus.values()) {
			this.byStatus.put(status,
					found.stream().map(OrderedHandler::handler).filter((handler) -> handler.accepts(status)).toList());
		}
		found.forEach((each) -> logger.info("Status callbacks %s are handled by %s".formatted(
				each.handler().statuses().isEmpty() ? "of every status" : each.handler().statuses(),
				each.handler().id())));
	}

	List<StatusCallbackHandler> forStatus(MessageStatus status) {
		return this.byStatus.getOrDefault(status, List.of());
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

	private List<OrderedHandler> handlersOf(String beanName, Class<?> type) {
		Map<Method, StatusCallback> methods = MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<StatusCallback>) (method) -> AnnotatedElementUtils
					.findMergedAnnotation(method, StatusCallback.class));
		List<OrderedHandler> handlers = new ArrayList<>();
		methods.forEach((method, annotation) -> handlers
			.add(new OrderedHandler(orderOf(method), handler(beanName, method, annotation))));
		return handlers;
	}

	private StatusCallbackHandler handler(String beanName, Method method, StatusCallback annotation) {
		String id = beanName + "." + method.getName()
				+ Arrays.stream(method.getParameterTypes())
					.map(Class::getSimpleName)
					.toList()
					.toString()
					.replace('[', '(')
					.replace(']', ')');
		StatusCallbackHandler.Target target = new StatusCallbackHandler.Target(() -> this.beanFactory.getBean(beanName),
				invocable(beanName, method), arguments(beanName, method),
				ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType()));
		return new StatusCallbackHandler(id, Set.of(annotation.statuses()), Set.of(annotation.categories()),
				annotation.acceptLate(), target);
	}

	private Method invocable(String beanName, Method method) {
		try {
			Class<?> beanType = this.beanFactory.getType(beanName);
			Method invocable = AopUtils.selectInvocableMethod(method,
					(beanType != null) ? beanType : method.getDeclaringClass());
			ReflectionUtils.makeAccessible(invocable);
			return invocable;
		}
		catch (IllegalStateException ex) {
			throw new InvalidHandlerException(beanName, method,
					"the bean is a JDK proxy whose interfaces don't declare it; declare it in an interface,"
							+ " or use a class-based proxy");
		}
	}

	private List<StatusCallbackHandler.Argument> arguments(String beanName, Method method) {
		List<StatusCallbackHandler.Argument> arguments = new ArrayList<>();
		for (int i = 0; i < method.getParameterCount(); i++) {
			MethodParameter parameter = new MethodParameter(method, i);
			CallbackArgumentResolver resolver = this.resolvers.stream()
				.filter((each) -> each.supports(parameter))
				.findFirst()
				.orElseThrow(() -> new InvalidHandlerException(beanName, method, unsupported(method, parameter)));
			arguments.add(new StatusCallbackHandler.Argument(parameter, resolver));
		}
		return arguments;
	}

	private static String unsupported(Method method, MethodParameter parameter) {
		java.lang.reflect.Parameter declared = method.getParameters()[parameter.getParameterIndex()];
		return "nothing supplies its parameter " + parameter.getParameterIndex() + " '" + declared.getName()
				+ "' of type " + parameter.getParameterType().getName() + "; use StatusUpdate, MessageStatus,"
				+ " MessageError or @CallbackParameter String, or declare a CallbackArgumentResolver bean";
	}

	private static int orderOf(Method method) {
		Order order = AnnotatedElementUtils.findMergedAnnotation(method, Order.class);
		return (order != null) ? order.value() : Integer.MAX_VALUE;
	}

	private record OrderedHandler(int order, StatusCallbackHandler handler) {

	}

}

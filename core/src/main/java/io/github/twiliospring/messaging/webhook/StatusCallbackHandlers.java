package io.github.twiliospring.messaging.webhook;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.twiliospring.messaging.message.MessageStatus;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodParameter;

/**
 * The application's {@link StatusCallback @StatusCallback} methods. They are found once
 * the singletons are there. A method that can't be called fails the startup.
 */
final class StatusCallbackHandlers implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(StatusCallbackHandlers.class);

	private static final String SUPPORTED = "StatusUpdate, MessageStatus, MessageError or"
			+ " @CallbackParameter String, or declare a CallbackArgumentResolver bean";

	private final ConfigurableListableBeanFactory beanFactory;

	private final List<CallbackArgumentResolver> resolvers;

	private List<StatusCallbackHandler> handlers = List.of();

	// By status, so that a status update isn't held against every handler.
	private final Map<MessageStatus, List<StatusCallbackHandler>> byStatus = new EnumMap<>(MessageStatus.class);

	/**
	 * Looks for methods in a bean factory.
	 * @param beanFactory the application's
	 * @param resolvers what supplies arguments before the built-in ones, in order
	 */
	StatusCallbackHandlers(ConfigurableListableBeanFactory beanFactory, List<CallbackArgumentResolver> resolvers) {
		this.beanFactory = beanFactory;
		this.resolvers = new ArrayList<>(resolvers);
		this.resolvers.add(new BuiltInArgumentResolver());
	}

	@Override
	public void afterSingletonsInstantiated() {
		HandlerMethodScanner<StatusCallback> scanner = new HandlerMethodScanner<>(this.beanFactory,
				StatusCallback.class);
		this.handlers = scanner.scan().stream().map((found) -> handler(scanner, found)).toList();
		for (MessageStatus status : MessageStatus.values()) {
			this.byStatus.put(status, this.handlers.stream().filter((handler) -> handler.accepts(status)).toList());
		}
		describe().forEach((each) -> logger.info("Status callbacks are handled by %s%s".formatted(each.handler(),
				each.conditions().isEmpty() ? "" : ": " + String.join(", ", each.conditions()))));
	}

	/**
	 * The methods, for an operator.
	 * @return one description per method, in their order
	 */
	List<HandlerDescription> describe() {
		return this.handlers.stream().map(StatusCallbackHandler::describe).toList();
	}

	List<StatusCallbackHandler> forStatus(MessageStatus status) {
		return this.byStatus.getOrDefault(status, List.of());
	}

	private StatusCallbackHandler handler(HandlerMethodScanner<StatusCallback> scanner,
			HandlerMethodScanner.Found<StatusCallback> found) {
		StatusCallback annotation = found.annotation();
		return new StatusCallbackHandler(Set.copyOf(List.of(annotation.statuses())),
				Set.copyOf(List.of(annotation.categories())), annotation.acceptLate(),
				scanner.bind(found, this::argument, SUPPORTED));
	}

	private HandlerMethod.@Nullable Argument<StatusUpdate> argument(MethodParameter parameter) {
		for (CallbackArgumentResolver resolver : this.resolvers) {
			if (resolver.supports(parameter)) {
				return (update) -> resolver.resolve(parameter, update);
			}
		}
		return null;
	}

}

package io.github.twiliospring.messaging.webhook;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/**
 * The application's {@link InboundMessage @InboundMessage} methods. They are found once
 * the singletons are there. A method that can't be called fails the startup.
 */
final class InboundMessageHandlers implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(InboundMessageHandlers.class);

	private static final String SUPPORTED = "IncomingMessage, a part of it such as Location, or"
			+ " @CallbackParameter String";

	private final ConfigurableListableBeanFactory beanFactory;

	private List<InboundMessageHandler> handlers = List.of();

	/**
	 * Looks for methods in a bean factory.
	 * @param beanFactory the application's
	 */
	InboundMessageHandlers(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public void afterSingletonsInstantiated() {
		HandlerMethodScanner<InboundMessage> scanner = new HandlerMethodScanner<>(this.beanFactory,
				InboundMessage.class);
		this.handlers = scanner.scan()
			.stream()
			.map((found) -> new Ordered(found.order(), handler(scanner, found)))
			.sorted(Comparator.comparingInt(Ordered::order).thenComparing((each) -> each.handler().generality()))
			.map(Ordered::handler)
			.toList();
		describe().forEach((each) -> logger.info("Incoming messages are answered by %s%s".formatted(each.handler(),
				each.conditions().isEmpty() ? "" : ": " + String.join(", ", each.conditions()))));
	}

	/**
	 * The methods, for an operator.
	 * @return one description per method, in the order in which they are asked
	 */
	List<HandlerDescription> describe() {
		return this.handlers.stream().map(InboundMessageHandler::describe).toList();
	}

	boolean isEmpty() {
		return this.handlers.isEmpty();
	}

	Optional<InboundMessageHandler> find(IncomingMessage message) {
		return this.handlers.stream().filter((handler) -> handler.accepts(message)).findFirst();
	}

	private InboundMessageHandler handler(HandlerMethodScanner<InboundMessage> scanner,
			HandlerMethodScanner.Found<InboundMessage> found) {
		InboundMessage annotation = found.annotation();
		if (!answers(found.method())) {
			throw found.invalid("it returns " + found.method().getGenericReturnType().getTypeName()
					+ "; return a Reply, nothing, or a reactive type of one Reply such as Mono<Reply>");
		}
		return new InboundMessageHandler(resolve(annotation.keywords()), pattern(found),
				Set.copyOf(resolve(annotation.receivers())), Set.copyOf(List.of(annotation.optOut())),
				scanner.bind(found, InboundMessageHandlers::argument, SUPPORTED));
	}

	private List<String> resolve(String... values) {
		return Arrays.stream(values).map(this::resolve).toList();
	}

	private String resolve(String value) {
		String resolved = this.beanFactory.resolveEmbeddedValue(value);
		return (resolved != null) ? resolved : value;
	}

	private @Nullable Pattern pattern(HandlerMethodScanner.Found<InboundMessage> found) {
		String pattern = found.annotation().pattern();
		try {
			return pattern.isEmpty() ? null : Pattern.compile(resolve(pattern), Pattern.DOTALL);
		}
		catch (PatternSyntaxException ex) {
			throw found.invalid("its pattern is no regular expression: " + ex.getDescription());
		}
	}

	private static HandlerMethod.@Nullable Argument<IncomingMessage> argument(MethodParameter parameter) {
		if (parameter.getParameterType() == IncomingMessage.class) {
			return (message) -> message;
		}
		CallbackParameter annotation = parameter.getParameterAnnotation(CallbackParameter.class);
		return (annotation != null && parameter.getParameterType() == String.class)
				? (message) -> message.parameter(annotation.value()) : Parts.ALL.get(parameter.getParameterType());
	}

	private static boolean answers(Method method) {
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType());
		if (adapter != null && adapter.isMultiValue()) {
			return false;
		}
		ResolvableType returned = ResolvableType.forMethodReturnType(method);
		Class<?> type = (adapter == null || adapter.isNoValue()) ? returned.resolve(Object.class)
				: returned.getGeneric(0).resolve(Object.class);
		return type == Reply.class || type == void.class || type == Void.class
				|| (adapter != null && (adapter.isNoValue() || type == Object.class));
	}

	/**
	 * The parts that only one of a message can be. Apart, since an application that only
	 * receives status updates needs none of their classes.
	 */
	private static final class Parts {

		static final Map<Class<?>, HandlerMethod.Argument<IncomingMessage>> ALL = Map.of(OptOutType.class,
				IncomingMessage::optOutType, Location.class, IncomingMessage::location, SenderProfile.class,
				IncomingMessage::profile, ButtonReply.class, IncomingMessage::button, ListReply.class,
				IncomingMessage::listItem, RepliedMessage.class, IncomingMessage::repliedMessage, Referral.class,
				IncomingMessage::referral);

	}

	private record Ordered(int order, InboundMessageHandler handler) {

	}

}

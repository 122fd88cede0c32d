package io.github.twiliospring.messaging.webhook.dispatch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;

import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapter;

/**
 * One annotated method, ready to be called.
 *
 * @param id a name that is the same in every instance and after a restart
 * @param statuses the statuses to be handed, empty for all
 * @param categories the error categories to be handed, empty for all
 * @param acceptLate whether a late status is handed on
 * @param target how the method is called
 */
record StatusCallbackHandler(String id, Set<MessageStatus> statuses, Set<ErrorCategory> categories, boolean acceptLate,
		Target target) {

	boolean accepts(MessageStatus status) {
		return this.statuses.isEmpty() || this.statuses.contains(status);
	}

	boolean accepts(StatusUpdate update) {
		return this.categories.isEmpty()
				|| (update.error() != null && this.categories.contains(update.error().category()));
	}

	/**
	 * Calls the method when it's subscribed.
	 * @param update the report
	 * @param blocking where a method that isn't reactive is called
	 * @return completion when the method's work has ended, or its failure
	 */
	Mono<Void> invoke(StatusUpdate update, Scheduler blocking) {
		ReactiveAdapter adapter = this.target.adapter();
		if (adapter == null) {
			return Mono.<Void>fromRunnable(() -> this.target.call(update)).subscribeOn(blocking);
		}
		return Mono.defer(() -> {
			Object result = this.target.call(update);
			return (result != null) ? Mono.whenDelayError(adapter.toPublisher(result)) : Mono.empty();
		});
	}

	/**
	 * How a method is called.
	 *
	 * @param bean supplies the bean, anew for each call, so that scopes and laziness hold
	 * @param method the method to call on it
	 * @param arguments one for each parameter
	 * @param adapter what the return type is adapted by, {@code null} for one that isn't
	 * reactive
	 */
	record Target(java.util.function.Supplier<Object> bean, Method method, List<Argument> arguments,
			@Nullable ReactiveAdapter adapter) {

		@Nullable Object call(StatusUpdate update) {
			Object[] values = this.arguments.stream().map((argument) -> argument.resolve(update)).toArray();
			try {
				return this.method.invoke(this.bean.get(), values);
			}
			catch (InvocationTargetException ex) {
				throw new HandlerFailedException(ex.getTargetException());
			}
			catch (IllegalAccessException ex) {
				throw new IllegalStateException("The handler isn't accessible any more", ex);
			}
		}

	}

	/**
	 * A parameter with what supplies it.
	 *
	 * @param parameter the method's parameter
	 * @param resolver what supplies it
	 */
	record Argument(MethodParameter parameter, CallbackArgumentResolver resolver) {

		@Nullable Object resolve(StatusUpdate update) {
			return this.resolver.resolve(this.parameter, update);
		}

	}

	/**
	 * A handler threw; its failure is the cause.
	 */
	@SuppressWarnings("serial")
	static final class HandlerFailedException extends RuntimeException {

		HandlerFailedException(Throwable failure) {
			super("The handler threw " + failure.getClass().getName(), failure);
		}

	}

}

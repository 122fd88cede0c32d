package io.github.twiliospring.messaging.webhook;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.core.ReactiveAdapter;

/**
 * An annotated method, ready to be called.
 *
 * @param <E> what it's called for
 * @param bean supplies the bean, anew for each call, so that scopes and laziness hold
 * @param method the method to call on it
 * @param arguments what supplies each argument
 * @param adapter what the return type is adapted by, {@code null} for one that isn't
 * reactive
 */
record HandlerMethod<E>(Supplier<Object> bean, Method method, List<Argument<E>> arguments,
		@Nullable ReactiveAdapter adapter) {

	/**
	 * Calls the method when it's subscribed.
	 * @param event what it's called for
	 * @param blocking where a method that isn't reactive is called
	 * @return the last value that the method returned, empty for none, once its work has
	 * ended; or its failure
	 */
	Mono<Object> invoke(E event, Scheduler blocking) {
		ReactiveAdapter reactive = this.adapter;
		if (reactive == null) {
			return Mono.fromCallable(() -> call(event)).subscribeOn(blocking);
		}
		return Mono.defer(() -> {
			Object result = call(event);
			if (result == null) {
				return Mono.empty();
			}
			Publisher<Object> publisher = reactive.toPublisher(result);
			return Flux.from(publisher).takeLast(1).next();
		});
	}

	/**
	 * What a method threw.
	 * @param failure the failure of an invocation
	 * @return the method's own exception where there's one
	 */
	static Throwable causeOf(Throwable failure) {
		Throwable cause = failure.getCause();
		return (failure instanceof HandlerFailedException && cause != null) ? cause : failure;
	}

	private @Nullable Object call(E event) {
		@Nullable Object[] values = this.arguments.stream().map((argument) -> argument.resolve(event)).toArray();
		try {
			return this.method.invoke(this.bean.get(), values);
		}
		catch (InvocationTargetException ex) {
			throw new HandlerFailedException(ex.getTargetException());
		}
		catch (LinkageError ex) {
			// Reactor would rethrow it, and the claim would never end.
			throw new HandlerFailedException(ex);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException("The handler isn't accessible any more", ex);
		}
	}

	/**
	 * Supplies an argument.
	 *
	 * @param <E> what the method is called for
	 */
	interface Argument<E> {

		/**
		 * The argument for one call.
		 * @param event what the method is called for
		 * @return the argument, may be {@code null}
		 */
		@Nullable Object resolve(E event);

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

package io.github.twiliospring.messaging.webhook;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.core.ReactiveAdapter;

/**
 * An annotated method, ready to be called.
 *
 * @param <E> what it's called for
 * @param id a name that is the same in every instance and after a restart
 * @param bean supplies the bean, anew for each call, so that scopes and laziness hold
 * @param method the method to call on it
 * @param arguments what supplies each argument
 * @param adapter what the return type is adapted by, {@code null} for one that isn't
 * reactive
 */
record HandlerMethod<E>(String id, Supplier<Object> bean, InvocableMethod method, List<Argument<E>> arguments,
		@Nullable ReactiveAdapter adapter) {

	/**
	 * Calls the method when it's subscribed.
	 * @param event what it's called for
	 * @param waiting how long it may wait for a thread
	 * @param executor calls it
	 * @return the last value that the method returned, empty for none, once its work has
	 * ended; or its failure
	 */
	Mono<Object> invoke(E event, Duration waiting, HandlerExecutor executor) {
		ReactiveAdapter reactive = this.adapter;
		return (reactive == null) ? executor.call(this.id, waiting, () -> call(event))
				: executor.subscribe(this.id, () -> publisher(reactive, call(event)));
	}

	private static @Nullable Publisher<Object> publisher(ReactiveAdapter adapter, @Nullable Object returned) {
		return (returned != null) ? adapter.toPublisher(returned) : null;
	}

	private @Nullable Object call(E event) {
		@Nullable Object[] values = this.arguments.stream().map((argument) -> argument.resolve(event)).toArray();
		try {
			Object called = this.bean.get();
			return this.method.on(called.getClass()).invoke(called, values);
		}
		catch (InvocationTargetException ex) {
			throw HandlerFailedException.of(ex.getTargetException());
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

}

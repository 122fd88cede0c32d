package io.github.twiliospring.messaging.webhook;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;

import io.github.twiliospring.messaging.observation.GuardedObservation;
import io.github.twiliospring.messaging.observation.LateFailures;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Calls the application's methods for one request or many, and sees to it that each call
 * ends: by itself, or by the limit, after which whatever it brings is dropped.
 */
abstract class HandlerExecutor {

	private static final Log logger = LogFactory.getLog(HandlerExecutor.class);

	private final WebhookLimits limits;

	private final WebhookTimer timer;

	HandlerExecutor(WebhookLimits limits, WebhookTimer timer) {
		this.limits = limits;
		this.timer = timer;
	}

	WebhookLimits limits() {
		return this.limits;
	}

	WebhookTimer timer() {
		return this.timer;
	}

	/**
	 * Finds a thread for a call.
	 * @param call what is run, or rejected, or overtaken by its own limit
	 * @throws RejectedExecutionException if there's no room for it
	 */
	abstract void execute(HandlerCall call);

	/**
	 * Completes when whoever waits has waited enough.
	 * @param limit how long that is
	 * @return a value at the end
	 */
	abstract Mono<Long> patience(Duration limit);

	/**
	 * Calls a method that blocks when it's subscribed.
	 * @param handler the method's name for the log
	 * @param waiting how long it may wait for a thread
	 * @param method what is called, on a thread that may block
	 * @return what it gave, empty for {@code null}; or {@link HandlerFailedException}
	 */
	Mono<Object> call(String handler, Duration waiting, Callable<@Nullable Object> method) {
		return Mono.deferContextual((context) -> Mono
			.create((sink) -> new HandlerCall(handler, waiting, () -> GuardedObservation.inScope(context, method), sink)
				.start(this)));
	}

	/**
	 * Calls a reactive method when it's subscribed. What it throws in the middle of its
	 * subscription ends the call, too, even errors that Reactor throws at whoever
	 * subscribes.
	 * @param handler the method's name for the log
	 * @param method what is called; must not block
	 * @return the last value, empty for none; or {@link HandlerFailedException}
	 */
	Mono<Object> subscribe(String handler, Callable<@Nullable Publisher<Object>> method) {
		Mono<Object> call = Mono.create((sink) -> {
			try {
				Publisher<Object> publisher = bounded(method);
				if (publisher == null) {
					sink.success();
					return;
				}
				Disposable subscription = Flux.from(publisher)
					.takeLast(1)
					.next()
					.contextWrite((context) -> LateFailures.to(context.putAll(sink.contextView()),
							(failure) -> logLate(handler, failure)))
					.subscribe(sink::success, (failure) -> sink.error(HandlerFailedException.of(failure)),
							sink::success);
				sink.onDispose(this.timer.elsewhere(subscription));
			}
			catch (Throwable failure) {
				sink.error(HandlerFailedException.of(failure));
			}
		});
		Mono<Long> end = this.timer.delay(this.limits.handlerLimit());
		return WebhookTimer.limit(this.timer.elsewhere(call), end, Mono.error(() -> {
			logger
				.warn("The handler %s took longer than %s; it's canceled, and its message is free for the next request"
					.formatted(handler, this.limits.handlerLimit()));
			return HandlerFailedException.limit(this.limits.handlerLimit());
		}));
	}

	/**
	 * Calls a reactive method, which gives its publisher at once.
	 * @param method what is called on this thread
	 * @return what it gave
	 * @throws Exception what it threw, or {@link HandlerFailedException} where too many
	 * don't give it at once
	 */
	@Nullable Publisher<Object> bounded(Callable<@Nullable Publisher<Object>> method) throws Exception {
		return method.call();
	}

	private static void logLate(String handler, Throwable failure) {
		logger.warn("Something that the handler %s began failed after it had been given up".formatted(handler),
				failure);
	}

	/**
	 * Says once what befell a method.
	 * @param handler the method's name
	 * @param event what it was called for; shows no number
	 * @param failure its failure
	 */
	static void logFailure(String handler, Object event, Throwable failure) {
		String message = "The handler %s failed for %s; %s".formatted(handler, event, (event instanceof IncomingMessage)
				? "the provider repeats it if the URL's overrides say so" : "the provider is asked to repeat");
		if (failure.getCause() != null) {
			logger.error(message, failure.getCause());
		}
		else {
			logger.warn(message + ": " + failure.getMessage());
		}
	}

}

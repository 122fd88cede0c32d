package io.github.twiliospring.messaging.webhook;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Handling;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Verdict;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StatusCallbackHandlersTests {

	private static final String URL = "https://shop.example.com/twilio/status?message-reference=order-42";

	private static final List<String> seen = new CopyOnWriteArrayList<>();

	private Throwable observed;

	@ParameterizedTest
	@ValueSource(strings = { "delivered", "failed", "teleported" })
	void handsAReportToTheMethodsThatAskForIt(String status) {
		assertThat(handle(status, Kinds.class)).isEqualTo(204);
		switch (status) {
			case "delivered" -> assertThat(seen).containsExactly("first order-42", "any", "mono delivered", "flux",
					"stage", "meta", "prototype", "parameter 2510");
			case "failed" ->
				assertThat(seen).containsExactly("any", "error 30003 UNREACHABLE", "prototype", "parameter 2510");
			default -> assertThat(seen).containsExactly("any", "prototype", "parameter 2510");
		}
	}

	@Test
	void looksThroughClassProxiesAndInterfaceProxiesAndLeavesLazyBeansAlone() {
		assertThat(handle("delivered", Proxies.class)).isEqualTo(204);
		assertThat(seen).containsExactlyInAnyOrder("advised", "class", "advised", "interface", "lazy created",
				"lazy called");
	}

	@Test
	void answersFiveHundredWhereAMethodFailsAndRunsThatOneAloneTheNextTime() {
		seen.clear();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Failing.class)) {
			WebhookEndpoint endpoint = endpoint(context);
			assertThat(send(endpoint, "delivered")).isEqualTo(500);
			assertThat(send(endpoint, "delivered")).isEqualTo(204);
			assertThat(send(endpoint, "delivered")).isEqualTo(204);
		}
		assertThat(seen).containsExactly("good", "bad", "bad");
	}

	@Test
	void tellsOfEachMethodThatFailsAndDropsNoFailure() {
		seen.clear();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(FailingAll.class)) {
			StatusUpdateDispatcher dispatcher = dispatcher(context, WebhookLimits.defaults());
			StatusUpdate update = StatusUpdate
				.of(FormParameters.parse("AccountSid=AC1&MessageSid=SM1&MessageStatus=delivered", 20), Map.of());
			StepVerifier.create(dispatcher.dispatch(update))
				.expectErrorSatisfies((failure) -> assertThat(Exceptions.unwrapMultiple(failure)).hasSize(2))
				.verifyThenAssertThat()
				.hasNotDroppedErrors();
		}
		assertThat(seen).containsExactly("bad", "worse");
	}

	@Test
	void aLedgerThatThrowsTakesNoTurnFromTheOtherMethods() {
		seen.clear();
		assertThat(answer((handler, invocation) -> {
			if (handler.contains("bad")) {
				throw new IllegalStateException("no ledger");
			}
			return invocation;
		})).isEqualTo(500);
		assertThat(seen).containsExactly("worse");
	}

	@ParameterizedTest
	@CsvSource({ "bad,500", "bad|worse,503" })
	void asksToRepeatSoonOnlyWhereAllThatFailedWereBusy(String busy, int status) {
		// As Boot's agent for debugging has it: what it adds is no failure.
		Hooks.onOperatorDebug();
		try {
			assertThat(answer((handler, invocation) -> handler.matches(".*\\.(" + busy + ")\\(.*")
					? Mono.error(HandlerFailedException.busy()) : invocation))
				.isEqualTo(status);
		}
		finally {
			Hooks.resetOnOperatorDebug();
		}
		assertThat(this.observed).isInstanceOfSatisfying(HandlerFailedException.class,
				(first) -> assertThat(first.isBusy()).isTrue());
	}

	@Test
	void logsALedgerThatIsAwayOnceASecondAndNotForEachMethodAndWebhook() {
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		Logger logger = (Logger) LoggerFactory.getLogger(WebhookEndpoint.class);
		logger.addAppender(log);
		long start = System.nanoTime();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(FailingAll.class)) {
			WebhookEndpoint endpoint = endpoint(context,
					(handler, invocation) -> Mono.error(new IllegalStateException("no ledger")),
					ObservationRegistry.NOOP);
			for (int i = 0; i < 20; i++) {
				assertThat(send(endpoint, "delivered")).isEqualTo(500);
			}
		}
		finally {
			logger.detachAppender(log);
		}
		long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
		assertThat(log.list).hasSizeBetween(1, (int) seconds + 2);
	}

	private int answer(BiFunction<String, Mono<String>, Mono<String>> ledger) {
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				StatusCallbackHandlersTests.this.observed = context.getError();
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(FailingAll.class)) {
			return send(endpoint(context, ledger, observations), "delivered");
		}
	}

	private static WebhookEndpoint endpoint(AnnotationConfigApplicationContext context,
			BiFunction<String, Mono<String>, Mono<String>> ledger, ObservationRegistry observations) {
		WebhookLimits limits = WebhookLimits.defaults();
		StatusUpdateDispatcher dispatcher = new StatusUpdateDispatcher(context.getBean(StatusCallbackHandlers.class),
				(key, mark, invocation) -> ledger.apply(key.handler(), invocation)
					.map((answer) -> new Handling(Verdict.HANDLED, answer)),
				Pools.pool(limits), null, Clock.systemUTC());
		return WebhookEndpoint.forStatus(new WebhookGate(new RequestValidator(List.of("token")), limits), dispatcher,
				observations, null);
	}

	@Test
	void asksTheProviderToRepeatWhereAMethodTakesTooLongAndDoesNotRunItAgainMeanwhile() {
		seen.clear();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Slow.class)) {
			WebhookEndpoint endpoint = endpoint(context, new WebhookLimits(1000, 20, Duration.ofSeconds(1),
					Duration.ofMillis(50), Duration.ofDays(1), 50, Duration.ofMinutes(10)));
			assertThat(send(endpoint, "delivered")).isEqualTo(503);
			assertThat(send(endpoint, "delivered")).isEqualTo(503);
			context.getBean(Slow.class).finish.complete(null);
			// On a busy machine, one repetition may take too long as well.
			Awaitility.await().until(() -> send(endpoint, "delivered") == 204);
		}
		assertThat(seen).containsExactly("slow");
	}

	@Test
	void neverCallsABlockingMethodOnANonBlockingThread() {
		seen.clear();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Blocking.class)) {
			WebhookEndpoint endpoint = endpoint(context);
			assertThat(Mono.defer(() -> endpoint.receive(Mono.just(request("delivered")), Pools.pool()))
				.subscribeOn(Schedulers.parallel())
				.block()
				.status()).isEqualTo(204);
		}
		assertThat(seen).containsExactly("blocking allowed");
	}

	@Test
	void failsTheStartupNamingClassMethodAndParameterThatNothingSupplies() {
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> new AnnotationConfigApplicationContext(Unsupported.class).close())
			.withMessageContaining(Unsupported.class.getName() + ".track")
			.withMessageContaining("'amount' of type int");
	}

	@Test
	void failsTheStartupWhereNobodyWouldHearOfAFailure() {
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> new AnnotationConfigApplicationContext(Unheard.class).close())
			.withMessageContaining("@Async and returns nothing")
			.withMessageContaining("CompletableFuture");
	}

	@Test
	void asksCustomResolversFirst() {
		seen.clear();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Custom.class)) {
			assertThat(send(endpoint(context), "delivered")).isEqualTo(204);
		}
		assertThat(seen).containsExactly("amount 4711");
	}

	@Test
	void refusesAForgedRequestBeforeAnyMethodRuns() {
		seen.clear();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Kinds.class)) {
			WebhookEndpoint endpoint = endpoint(context);
			WebhookRequest genuine = request("delivered");
			for (List<String> signatures : List.of(List.<String>of(), List.of("x"), List.of(""),
					List.of(genuine.signatures().get(0), genuine.signatures().get(0)))) {
				WebhookRequest forged = new WebhookRequest(genuine.url(), genuine.rawQuery(), genuine.contentType(),
						genuine.contentLength(), signatures, genuine.body());
				assertThat(endpoint.receive(Mono.just(forged), Pools.pool()).block().status()).isEqualTo(403);
			}
		}
		assertThat(seen).isEmpty();
	}

	private static int handle(String status, Class<?> configuration) {
		seen.clear();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(configuration)) {
			return send(endpoint(context), status);
		}
	}

	private static int send(WebhookEndpoint endpoint, String status) {
		return endpoint.receive(Mono.just(request(status)), Pools.pool()).block().status();
	}

	private static WebhookRequest request(String status) {
		String form = "AccountSid=AC1&MessageSid=SM1&MessageStatus=" + status + "&RawDlrDoneDate=2510"
				+ (status.equals("failed") ? "&ErrorCode=30003" : "");
		String signature = new RequestSigner("token").sign(URL, FormParameters.parse(form, 20));
		return new WebhookRequest(URL, URL.substring(URL.indexOf('?') + 1), "application/x-www-form-urlencoded",
				form.length(), List.of(signature), form.getBytes());
	}

	private static WebhookEndpoint endpoint(AnnotationConfigApplicationContext context) {
		return endpoint(context, WebhookLimits.defaults());
	}

	private static WebhookEndpoint endpoint(AnnotationConfigApplicationContext context, WebhookLimits limits) {
		return WebhookEndpoint.forStatus(new WebhookGate(new RequestValidator(List.of("token")), limits),
				dispatcher(context, limits), ObservationRegistry.NOOP, null);
	}

	private static StatusUpdateDispatcher dispatcher(AnnotationConfigApplicationContext context, WebhookLimits limits) {
		return new StatusUpdateDispatcher(context.getBean(StatusCallbackHandlers.class),
				new InMemoryCallbackLedger(100, Duration.ofDays(1)), Pools.pool(limits), null, Clock.systemUTC());
	}

	@Configuration(proxyBeanMethods = false)
	static class Base {

		@Bean
		StatusCallbackHandlers handlers(AnnotationConfigApplicationContext context,
				List<CallbackArgumentResolver> resolvers) {
			return new StatusCallbackHandlers(context.getBeanFactory(), resolvers);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Kinds extends Base {

		@Order(2)
		@StatusCallback
		void any() {
			seen.add("any");
		}

		@Order(1)
		@StatusCallback(MessageStatus.DELIVERED)
		void first(StatusUpdate update) {
			seen.add("first " + update.reference());
		}

		@Order(3)
		@StatusCallback(MessageStatus.DELIVERED)
		Mono<Void> mono(MessageStatus status) {
			return Mono.fromRunnable(() -> seen.add("mono " + status.value()));
		}

		@Order(4)
		@StatusCallback(statuses = MessageStatus.DELIVERED)
		Flux<String> flux() {
			return Flux.just("a", "b").doOnComplete(() -> seen.add("flux"));
		}

		@Order(5)
		@StatusCallback(MessageStatus.DELIVERED)
		CompletionStage<String> stage() {
			seen.add("stage");
			return CompletableFuture.completedFuture("x");
		}

		@Order(6)
		@OnDelivered
		void meta() {
			seen.add("meta");
		}

		@Order(7)
		@StatusCallback(categories = ErrorCategory.UNREACHABLE)
		void error(MessageError error) {
			seen.add("error " + error.code() + " " + error.category());
		}

		@Bean
		@Scope("prototype")
		Prototype prototype() {
			return new Prototype();
		}

		@Order(9)
		@StatusCallback
		void parameter(@CallbackParameter("RawDlrDoneDate") String date) {
			seen.add("parameter " + date);
		}

	}

	static class Prototype {

		@Order(8)
		@StatusCallback
		void track() {
			seen.add("prototype");
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@StatusCallback
	@interface OnDelivered {

		@AliasFor(annotation = StatusCallback.class, attribute = "statuses")
		MessageStatus[] value() default MessageStatus.DELIVERED;

	}

	interface Tracker {

		void track();

	}

	@Configuration(proxyBeanMethods = false)
	static class Proxies extends Base {

		@Bean
		static BeanPostProcessor advisor() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					if (!(bean instanceof Tracker)) {
						return bean;
					}
					ProxyFactory factory = new ProxyFactory(bean);
					factory.setProxyTargetClass(beanName.equals("byClass"));
					factory.addAdvice((org.springframework.aop.MethodBeforeAdvice) (method, arguments, target) -> seen
						.add("advised"));
					return factory.getProxy();
				}

			};
		}

		@Bean
		ByClass byClass() {
			return new ByClass();
		}

		@Bean
		Tracker byInterface() {
			return new ByInterface();
		}

		@Bean
		@Lazy
		@Scope(proxyMode = ScopedProxyMode.TARGET_CLASS)
		LazyTracker lazyTracker() {
			return new LazyTracker();
		}

	}

	static class ByClass implements Tracker {

		@Override
		@StatusCallback
		public void track() {
			seen.add("class");
		}

	}

	static class ByInterface implements Tracker {

		@Override
		@StatusCallback
		public void track() {
			seen.add("interface");
		}

	}

	static class LazyTracker {

		LazyTracker() {
			if (getClass() == LazyTracker.class) {
				seen.add("lazy created");
			}
		}

		@StatusCallback
		void track() {
			seen.add("lazy called");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Failing extends Base {

		@Order(1)
		@StatusCallback
		void good() {
			seen.add("good");
		}

		@Order(2)
		@StatusCallback
		Mono<Void> bad() {
			seen.add("bad");
			return (seen.size() < 3) ? Mono.error(new IllegalStateException("once")) : Mono.empty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailingAll extends Base {

		@Order(1)
		@StatusCallback
		Mono<Void> bad() {
			seen.add("bad");
			return Mono.error(new IllegalStateException("bad"));
		}

		@Order(2)
		@StatusCallback
		void worse() {
			seen.add("worse");
			throw new IllegalStateException("worse");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Slow extends Base {

		final CompletableFuture<Void> finish = new CompletableFuture<>();

		@StatusCallback
		void slow() {
			seen.add("slow");
			this.finish.join();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Blocking extends Base {

		@StatusCallback
		void blocking() {
			seen.add(Schedulers.isInNonBlockingThread() ? "blocking forbidden" : "blocking allowed");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Unheard extends Base {

		@Async
		@StatusCallback
		void track() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Unsupported extends Base {

		@StatusCallback
		void track(StatusUpdate update, int amount) {
			seen.add("never");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Custom extends Base {

		@Bean
		CallbackArgumentResolver amount() {
			return new CallbackArgumentResolver() {

				@Override
				public boolean supports(MethodParameter parameter) {
					return parameter.getParameterType() == int.class;
				}

				@Override
				public Object resolve(MethodParameter parameter, StatusUpdate update) {
					return 4711;
				}

			};
		}

		@StatusCallback
		void track(int amount) {
			seen.add("amount " + amount);
		}

	}

}

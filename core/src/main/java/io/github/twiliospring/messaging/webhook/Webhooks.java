package io.github.twiliospring.messaging.webhook;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.observation.WebhookObservationConvention;
import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.InMemoryCallbackLedger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.util.pattern.PathPattern;

/**
 * The receiving half of the library in one piece: what verifies requests, finds the
 * application's methods and passes on to them. Spring Boot puts it together; by hand,
 * it's a bean that {@link ReactiveWebhooks} or {@link ServletWebhooks} connect with the
 * web server. The methods are found once the singletons are there. Thread-safe.
 */
public final class Webhooks implements SmartInitializingSingleton, DisposableBean {

	private final StatusCallbackHandlers statusCallbacks;

	private final InboundMessageHandlers inboundMessages;

	private final StatusUpdateDispatcher statusUpdates;

	private final WebhookGate gate;

	private final WebhookRoutes routes;

	private final List<String> verifiedPaths;

	private final WebhookTimer timer;

	private final HandlerPool pool;

	private Webhooks(Builder builder) {
		this.statusCallbacks = new StatusCallbackHandlers(builder.beanFactory, builder.resolvers);
		this.inboundMessages = new InboundMessageHandlers(builder.beanFactory);
		this.timer = new WebhookTimer();
		this.pool = new HandlerPool(builder.limits, this.timer, builder.threads);
		this.statusUpdates = new StatusUpdateDispatcher(this.statusCallbacks, builder.ledger, this.pool, builder.meters,
				builder.clock);
		this.gate = new WebhookGate(builder.validator, builder.limits);
		this.verifiedPaths = List.copyOf(builder.verifiedPaths);
		IncomingMessageDispatcher inbound = new IncomingMessageDispatcher(this.inboundMessages, builder.ledger);
		this.routes = new WebhookRoutes(
				Map.of(builder.statusPath,
						WebhookEndpoint.forStatus(this.gate, this.statusUpdates, builder.observations,
								builder.convention),
						builder.inboundPath,
						WebhookEndpoint.forInbound(this.gate, inbound, builder.observations, builder.convention)),
				builder.publicUrl);
	}

	/**
	 * Starts.
	 * @param beanFactory where the application's methods are found
	 * @param validator what tells genuine requests
	 * @return the builder
	 */
	public static Builder builder(ConfigurableListableBeanFactory beanFactory, RequestValidator validator) {
		return new Builder(beanFactory, validator);
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.statusCallbacks.afterSingletonsInstantiated();
		this.inboundMessages.afterSingletonsInstantiated();
	}

	/**
	 * The one road to the {@code @StatusCallback} methods, for updates that come another
	 * way.
	 * @return what hands updates on
	 */
	public StatusUpdateDispatcher statusUpdates() {
		return this.statusUpdates;
	}

	/**
	 * The {@code @StatusCallback} methods, for an operator.
	 * @return one description per method, in the order in which they're called
	 */
	public List<HandlerDescription> statusCallbacks() {
		return this.statusCallbacks.describe();
	}

	/**
	 * The {@code @InboundMessage} methods, for an operator.
	 * @return one description per method, in the order in which they're asked
	 */
	public List<HandlerDescription> inboundMessages() {
		return this.inboundMessages.describe();
	}

	/**
	 * What a request may be, and how long its answer may take.
	 * @return the limits that hold
	 */
	public WebhookLimits limits() {
		return this.gate.limits();
	}

	/**
	 * Calls the library's own paths at this application's server, as the provider would,
	 * and looks whether the requests get through to it: a path that is stripped or not
	 * mapped, a filter that answers first and a login page would lose them silently. No
	 * method of the application is called, and nothing is observed.
	 * @param base scheme, host and port where the server listens, and the application's
	 * base path
	 * @return what was answered in the library's place, or that nothing was, by path;
	 * empty where each request got through. It fails where no connection can be made.
	 * Completes on a thread of its own
	 */
	public CompletableFuture<Map<String, String>> selfTest(URI base) {
		return this.routes.selfTest().run(base, this.routes.active());
	}

	/**
	 * Whether a request is one of {@link #selfTest(URI)}, which nobody wants to be
	 * counted.
	 * @param headers gives a header's first value by its name, {@code null} for none
	 * @return whether it is
	 */
	public boolean isSelfTest(Function<String, @Nullable String> headers) {
		return this.routes.selfTest().isOwn(headers.apply(WebhookSelfTest.HEADER));
	}

	HandlerPool pool() {
		return this.pool;
	}

	@Override
	public void destroy() {
		this.pool.close();
		this.timer.close();
	}

	WebhookGate gate() {
		return this.gate;
	}

	WebhookRoutes routes() {
		return this.routes;
	}

	VerifiedPaths verified(Stream<PathPattern> annotated) {
		return new VerifiedPaths(this.verifiedPaths, annotated);
	}

	/**
	 * Puts the receiving half together; not thread-safe.
	 */
	public static final class Builder {

		private final ConfigurableListableBeanFactory beanFactory;

		private final RequestValidator validator;

		private List<CallbackArgumentResolver> resolvers = List.of();

		private CallbackLedger ledger = new InMemoryCallbackLedger(1_000_000, Duration.ofDays(10));

		private ThreadFactory threads = platformThreads();

		private @Nullable MeterRegistry meters;

		private Clock clock = Clock.systemUTC();

		private ObservationRegistry observations = ObservationRegistry.NOOP;

		private @Nullable WebhookObservationConvention convention;

		private WebhookLimits limits = WebhookLimits.defaults();

		private String statusPath = "/twilio/status";

		private String inboundPath = "/twilio/inbound";

		private @Nullable String publicUrl;

		private List<String> verifiedPaths = List.of();

		private Builder(ConfigurableListableBeanFactory beanFactory, RequestValidator validator) {
			this.beanFactory = beanFactory;
			this.validator = validator;
		}

		/**
		 * What supplies arguments before the built-in resolvers.
		 * @param resolvers the resolvers, in order
		 * @return this builder
		 */
		public Builder argumentResolvers(List<CallbackArgumentResolver> resolvers) {
			this.resolvers = resolvers;
			return this;
		}

		/**
		 * What keeps methods from a duplicate.
		 * @param ledger the ledger; in memory by default
		 * @return this builder
		 */
		public Builder ledger(CallbackLedger ledger) {
			this.ledger = ledger;
			return this;
		}

		/**
		 * Where methods that block are called, unless the request's own thread may block.
		 * @param factory makes the threads; platform threads by default
		 * @return this builder
		 */
		public Builder threads(ThreadFactory factory) {
			this.threads = factory;
			return this;
		}

		/**
		 * Where deliveries are timed.
		 * @param meters the application's, or {@code null} for nowhere
		 * @return this builder
		 */
		public Builder meters(@Nullable MeterRegistry meters) {
			this.meters = meters;
			return this;
		}

		/**
		 * The clock that send times are taken from.
		 * @param clock the system's by default
		 * @return this builder
		 */
		public Builder clock(Clock clock) {
			this.clock = clock;
			return this;
		}

		/**
		 * Where requests are observed.
		 * @param registry the application's
		 * @param convention names and keys, or {@code null} for the default
		 * @return this builder
		 */
		public Builder observations(ObservationRegistry registry, @Nullable WebhookObservationConvention convention) {
			this.observations = registry;
			this.convention = convention;
			return this;
		}

		/**
		 * What a request may be, and how long its answer may take.
		 * @param limits the limits
		 * @return this builder
		 */
		public Builder limits(WebhookLimits limits) {
			this.limits = limits;
			return this;
		}

		/**
		 * Where requests arrive.
		 * @param status the path for status updates within the application
		 * @param inbound the path for incoming messages, another one
		 * @return this builder
		 */
		public Builder paths(String status, String inbound) {
			this.statusPath = status;
			this.inboundPath = inbound;
			return this;
		}

		/**
		 * Where the provider reaches the application: scheme, host, the prefix that a
		 * proxy strips and the application's own base path.
		 * @param url the URL, or {@code null} to take it from each request
		 * @return this builder
		 */
		public Builder publicUrl(@Nullable String url) {
			this.publicUrl = url;
			return this;
		}

		/**
		 * Further paths whose requests have to be signed.
		 * @param patterns patterns as in a controller's mapping
		 * @return this builder
		 */
		public Builder verifiedPaths(List<String> patterns) {
			this.verifiedPaths = patterns;
			return this;
		}

		private static ThreadFactory platformThreads() {
			CustomizableThreadFactory factory = new CustomizableThreadFactory("twilio-webhook-");
			factory.setDaemon(true);
			return factory;
		}

		/**
		 * Builds it.
		 * @return the receiving half, to be made a bean
		 */
		public Webhooks build() {
			return new Webhooks(this);
		}

	}

}

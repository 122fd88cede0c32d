package io.github.twiliospring.messaging;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.message.SidKind;
import io.github.twiliospring.messaging.observation.MessagingObservationConvention;
import io.github.twiliospring.messaging.retry.RetryStrategy;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Builds templates. Begins with the defaults or, where Spring Boot injects it, with
 * everything that is configured: connections are then shared, the retry budget isn't.
 * Each injection point gets a builder of its own, which isn't thread-safe.
 *
 * @see MessagingTemplate#builder(String, String)
 */
public final class MessagingTemplateBuilder {

	private static final int DEFAULT_RETRY_BUDGET = 10;

	private static final int DEFAULT_CONCURRENCY = 64;

	private Supplier<ApiCredentials> credentials;

	private @Nullable String accountSid;

	private URI baseUrl = URI.create("https://api.twilio.com");

	// All templates of one builder share it.
	private Supplier<ApiConnector> connector = connected(DefaultConnector::create, false);

	private final List<Consumer<? super WebClient.Builder>> customizers = new ArrayList<>();

	private final List<AttemptListener> attemptListeners = new ArrayList<>();

	private RetryStrategy retryStrategy = RetryStrategy.of(TwilioRetryPolicies.defaults());

	private int retryBudget = DEFAULT_RETRY_BUDGET;

	private Duration longestRetryAfter = Duration.ofSeconds(60);

	private boolean serviceUnavailableIsUnprocessed;

	private Duration deadline = Duration.ofSeconds(30);

	private @Nullable String from;

	private @Nullable String messagingServiceSid;

	private Supplier<@Nullable String> statusCallback = () -> null;

	private MessageLimits limits = MessageLimits.defaults();

	private int concurrency = DEFAULT_CONCURRENCY;

	private Clock clock = Clock.systemUTC();

	private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;

	private @Nullable MessagingObservationConvention observationConvention;

	private Supplier<Scheduler> scheduler = Schedulers::parallel;

	MessagingTemplateBuilder(Supplier<ApiCredentials> credentials) {
		this.credentials = credentials;
	}

	/**
	 * Calls another account with its own auth token. Add the token to
	 * {@code twilio.messaging.webhook.auth-tokens}, too, where this application receives
	 * the account's status updates.
	 * @param accountSid "AC" and 32 hexadecimal digits
	 * @param authToken the account's auth token
	 * @return this builder
	 * @throws IllegalArgumentException if the SID has another shape
	 */
	public MessagingTemplateBuilder account(String accountSid, String authToken) {
		check("account SID", SidKind.ACCOUNT, accountSid);
		return credentials(ApiCredentials.ofAuthToken(accountSid, authToken));
	}

	/**
	 * Calls another account with an API key.
	 * @param accountSid "AC" and 32 hexadecimal digits
	 * @param apiKeySid "SK" and 32 hexadecimal digits
	 * @param apiKeySecret the key's secret
	 * @return this builder
	 * @throws IllegalArgumentException if a SID has another shape
	 */
	public MessagingTemplateBuilder account(String accountSid, String apiKeySid, String apiKeySecret) {
		check("account SID", SidKind.ACCOUNT, accountSid);
		check("API key's SID", SidKind.API_KEY, apiKeySid);
		return credentials(ApiCredentials.ofApiKey(accountSid, apiKeySid, apiKeySecret));
	}

	private MessagingTemplateBuilder credentials(ApiCredentials given) {
		this.credentials = () -> given;
		this.accountSid = given.accountSid();
		return this;
	}

	/**
	 * Calls a subaccount with the credentials that the builder began with.
	 * @param accountSid "AC" and 32 hexadecimal digits
	 * @return this builder
	 * @throws IllegalArgumentException if the SID has another shape
	 */
	public MessagingTemplateBuilder subaccount(String accountSid) {
		check("account SID", SidKind.ACCOUNT, accountSid);
		this.accountSid = accountSid;
		return this;
	}

	/**
	 * Where the API is, {@code https://api.twilio.com} by default.
	 * @param url scheme, host and port, and the path prefix of a gateway if there is one
	 * @return this builder
	 */
	public MessagingTemplateBuilder baseUrl(URI url) {
		this.baseUrl = url;
		return this;
	}

	/**
	 * The HTTP client, in place of one with Reactor Netty or, where that's missing, the
	 * JDK's. Reactor Netty's connections are guarded whatever the client's settings are.
	 * Of others it's taken that they may follow redirects, so that a refusal is an
	 * unknown outcome.
	 * @param connector the connector, which stays the caller's to close
	 * @return this builder
	 */
	public MessagingTemplateBuilder connector(ClientHttpConnector connector) {
		return connector(() -> connector, true);
	}

	/**
	 * The HTTP client, and a new one where it can't be trusted any more: connections
	 * other than Reactor Netty's can't be closed one by one after an answer that belonged
	 * to another request.
	 * @param connector makes the connector, at the first call; where it fails, that call
	 * fails with {@link io.github.twiliospring.messaging.error.MessageNotSentException}
	 * and the next one asks again
	 * @param mayFollowRedirects {@code false} where it was told to follow none, as the
	 * JDK's is by {@code Redirect.NEVER}
	 * @return this builder
	 */
	public MessagingTemplateBuilder connector(Supplier<? extends ClientHttpConnector> connector,
			boolean mayFollowRedirects) {
		this.connector = connected(connector, mayFollowRedirects);
		return this;
	}

	/**
	 * Adds a filter. It sees each attempt without its credentials, and can change neither
	 * them nor what an answer of the API proves; it may refuse or delay a request, or
	 * answer in place of the API.
	 * @param filter the filter; the first one is outermost
	 * @return this builder
	 */
	public MessagingTemplateBuilder filter(ExchangeFilterFunction filter) {
		return webClient((builder) -> builder.filter(filter));
	}

	/**
	 * Adds a listener, which hears of each attempt with the API. A template for another
	 * account tells it, too.
	 * @param listener the listener
	 * @return this builder
	 */
	public MessagingTemplateBuilder attemptListener(AttemptListener listener) {
		this.attemptListeners.add(listener);
		return this;
	}

	/**
	 * Takes over what a customizer of {@code WebClient} sets: filters, default headers
	 * and cookies, observation registry and convention. Of {@code defaultRequest}, status
	 * handlers, the exchange function and API versions, which have no effect here, a line
	 * in the log tells; connector, codecs and base URL are this library's own.
	 * @param customizer the customizer, called by the first call of each template
	 * @return this builder
	 */
	public MessagingTemplateBuilder webClient(Consumer<? super WebClient.Builder> customizer) {
		this.customizers.add(customizer);
		return this;
	}

	/**
	 * The Spring Retry policies of attempts that surely weren't processed: three
	 * attempts, by default, with pauses of half a second that double.
	 * @param policies the policies
	 * @return this builder
	 */
	public MessagingTemplateBuilder retryPolicies(TwilioRetryPolicies policies) {
		return retryStrategy(RetryStrategy.of(policies));
	}

	/**
	 * What decides on repeating attempts that surely weren't processed, in place of
	 * Spring Retry's policies.
	 * @param strategy the strategy
	 * @return this builder
	 */
	public MessagingTemplateBuilder retryStrategy(RetryStrategy strategy) {
		this.retryStrategy = strategy;
		return this;
	}

	/**
	 * How many retries are possible at once, 10 by default. Each send gives back a tenth
	 * of one, which keeps retries near a tenth of all sends in a long outage.
	 * @param retries 0 to 1,000,000
	 * @return this builder
	 */
	public MessagingTemplateBuilder retryBudget(int retries) {
		this.retryBudget = retries;
		return this;
	}

	/**
	 * The longest Retry-After that is waited for, a minute by default.
	 * @param longest a longer one fails at once
	 * @return this builder
	 */
	public MessagingTemplateBuilder longestRetryAfter(Duration longest) {
		this.longestRetryAfter = longest;
		return this;
	}

	/**
	 * Whether a 503 counts as surely not processed, which the provider doesn't promise.
	 * @param unprocessed {@code false} by default
	 * @return this builder
	 */
	public MessagingTemplateBuilder serviceUnavailableIsUnprocessed(boolean unprocessed) {
		this.serviceUnavailableIsUnprocessed = unprocessed;
		return this;
	}

	/**
	 * The longest that a call may take, all attempts and pauses together.
	 * @param deadline more than zero, 30 seconds by default
	 * @return this builder
	 */
	public MessagingTemplateBuilder deadline(Duration deadline) {
		this.deadline = deadline;
		return this;
	}

	/**
	 * The sender of messages that name none, in place of a number or Messaging Service
	 * that was set before.
	 * @param sender a number, alphanumeric sender or channel address; can't schedule
	 * @return this builder
	 */
	public MessagingTemplateBuilder from(@Nullable String sender) {
		this.from = sender;
		this.messagingServiceSid = null;
		return this;
	}

	/**
	 * The Messaging Service of messages that name no sender, in place of a number or
	 * Messaging Service that was set before.
	 * @param sid "MG" and 32 hexadecimal digits
	 * @return this builder
	 */
	public MessagingTemplateBuilder messagingServiceSid(@Nullable String sid) {
		this.from = null;
		this.messagingServiceSid = sid;
		return this;
	}

	/**
	 * The URL for the status updates of messages that name none.
	 * @param url an absolute URL, or {@code null} for none
	 * @return this builder
	 */
	public MessagingTemplateBuilder statusCallback(@Nullable String url) {
		return statusCallback(() -> url);
	}

	/**
	 * The URL for the status updates of messages that name none, asked at each send.
	 * @param url gives an absolute URL with the fragment that rules the provider's
	 * retries, or {@code null} for none; mustn't block
	 * @return this builder
	 */
	public MessagingTemplateBuilder statusCallback(Supplier<@Nullable String> url) {
		this.statusCallback = url;
		return this;
	}

	/**
	 * The limits that the provider has moved, or that depend on the account.
	 * @param limits the limits, those of the API page by default
	 * @return this builder
	 */
	public MessagingTemplateBuilder limits(MessageLimits limits) {
		this.limits = limits;
		return this;
	}

	/**
	 * How many messages {@code sendAll} has in flight.
	 * @param messages at least 1, 64 by default
	 * @return this builder
	 */
	public MessagingTemplateBuilder concurrency(int messages) {
		this.concurrency = messages;
		return this;
	}

	/**
	 * What the limits of scheduled messages are measured on, and attempts are dated by.
	 * @param clock the clock, the system's by default
	 * @return this builder
	 */
	public MessagingTemplateBuilder clock(Clock clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * Observes operations, and the HTTP exchanges within them.
	 * @param registry the application's; none by default
	 * @return this builder
	 */
	public MessagingTemplateBuilder observationRegistry(ObservationRegistry registry) {
		this.observationRegistry = registry;
		return this;
	}

	/**
	 * Names and keys of the observations of operations.
	 * @param convention the convention, or {@code null} for the default
	 * @return this builder
	 */
	public MessagingTemplateBuilder observationConvention(@Nullable MessagingObservationConvention convention) {
		this.observationConvention = convention;
		return this;
	}

	/**
	 * Waits for pauses and deadlines.
	 */
	MessagingTemplateBuilder scheduler(Scheduler scheduler) {
		this.scheduler = () -> scheduler;
		return this;
	}

	/**
	 * Builds a template with a retry budget of its own.
	 * @return the template
	 * @throws IllegalArgumentException if deadline, concurrency or budget can't be used;
	 * it names which
	 */
	public MessagingTemplate build() {
		require(!this.deadline.isNegative() && !this.deadline.isZero(), "The deadline must be more than zero");
		require(this.concurrency >= 1, "The concurrency must be at least 1");
		String account = (this.accountSid != null) ? this.accountSid : this.credentials.get().accountSid();
		ApiClock apiClock = new ApiClock(this.clock);
		AnswerReader answers = new AnswerReader(this.clock, this.serviceUnavailableIsUnprocessed);
		ObservationRegistry registry = this.observationRegistry;
		List<Consumer<? super WebClient.Builder>> given = List.copyOf(this.customizers);
		ApiClient client = new ApiClient(this.connector,
				SingletonSupplier.of(() -> RequestCustomizations.of(registry, given)), this.credentials, answers,
				apiClock, List.copyOf(this.attemptListeners));
		Retries retries = new Retries(this.retryStrategy, new RetryBudget(this.retryBudget), this.longestRetryAfter);
		return new MessagingTemplate(
				new Calls(client, answers, retries, new Deadlines(this.scheduler, this.deadline), this.clock),
				new ApiPaths(this.baseUrl, account),
				new OutboundMessageCompleter(this.from, this.messagingServiceSid, this.statusCallback, this.limits,
						this.clock),
				new OperationObserver(this.observationRegistry, this.observationConvention), apiClock,
				this.concurrency);
	}

	private static Supplier<ApiConnector> connected(Supplier<? extends ClientHttpConnector> connector,
			boolean mayFollowRedirects) {
		return SingletonSupplier.of(() -> new ApiConnector(connector, mayFollowRedirects));
	}

	static void check(String name, SidKind kind, String sid) {
		require(kind.matches(sid), "The " + name + " " + kind.problem(sid));
	}

	private static void require(boolean condition, String problem) {
		if (!condition) {
			throw new IllegalArgumentException(problem);
		}
	}

}

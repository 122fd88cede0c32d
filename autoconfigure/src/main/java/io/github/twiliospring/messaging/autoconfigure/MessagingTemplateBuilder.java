package io.github.twiliospring.messaging.autoconfigure;

import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.MessageLimits;
import io.github.twiliospring.messaging.MessagingSettings;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.client.ApiAccess;
import io.github.twiliospring.messaging.client.ApiClient;
import io.github.twiliospring.messaging.client.ExchangeExecutor;
import io.github.twiliospring.messaging.client.ExchangePolicy;
import io.github.twiliospring.messaging.observation.MessagingObservations;
import io.github.twiliospring.messaging.retry.RetryBudget;
import io.github.twiliospring.messaging.retry.SpringRetryStrategy;
import io.github.twiliospring.messaging.retry.TwilioRetryPolicies;
import io.github.twiliospring.messaging.timer.SharedTimer;
import org.jspecify.annotations.Nullable;

/**
 * Builds templates beside the auto-configured one, for another account, another sender or
 * both. It begins with everything that is configured; connections are shared, the retry
 * budget isn't. Each injection point gets a builder of its own, which isn't thread-safe.
 */
public final class MessagingTemplateBuilder {

	private static final Pattern ACCOUNT_SID = Pattern.compile("AC[0-9a-fA-F]{32}");

	private static final Pattern API_KEY_SID = Pattern.compile("SK[0-9a-fA-F]{32}");

	private final TwilioProperties.Messaging properties;

	private final TwilioConnectionDetails connectionDetails;

	private final TwilioHttpConnector connector;

	private final MessagingObservations observations;

	private final TwilioRetryPolicies retryPolicies;

	private @Nullable String accountSid;

	private @Nullable Credentials credentials;

	private @Nullable String from;

	private @Nullable String messagingServiceSid;

	private Supplier<@Nullable String> statusCallback;

	private @Nullable ApiHealth health;

	MessagingTemplateBuilder(TwilioProperties.Messaging properties, TwilioConnectionDetails connectionDetails,
			TwilioHttpConnector connector, MessagingObservations observations, TwilioRetryPolicies retryPolicies,
			Supplier<@Nullable String> statusCallback) {
		this.properties = properties;
		this.connectionDetails = connectionDetails;
		this.connector = connector;
		this.observations = observations;
		this.retryPolicies = retryPolicies;
		this.from = properties.from();
		this.messagingServiceSid = properties.messagingServiceSid();
		this.statusCallback = statusCallback;
	}

	/**
	 * Calls another account with its own auth token. Add the token to
	 * {@code twilio.messaging.webhook.auth-tokens}, too, where this application receives
	 * the account's delivery reports.
	 * @param accountSid "AC" and 32 hexadecimal digits
	 * @param authToken the account's auth token
	 * @return this builder
	 * @throws IllegalArgumentException if the SID has another shape
	 */
	public MessagingTemplateBuilder account(String accountSid, String authToken) {
		check("account SID", "AC", ACCOUNT_SID, accountSid);
		this.credentials = new Credentials(accountSid, authToken);
		this.accountSid = accountSid;
		return this;
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
		check("account SID", "AC", ACCOUNT_SID, accountSid);
		check("API key's SID", "SK", API_KEY_SID, apiKeySid);
		this.credentials = new Credentials(apiKeySid, apiKeySecret);
		this.accountSid = accountSid;
		return this;
	}

	/**
	 * Calls a subaccount with the credentials that are configured.
	 * @param accountSid "AC" and 32 hexadecimal digits
	 * @return this builder
	 * @throws IllegalArgumentException if the SID has another shape
	 */
	public MessagingTemplateBuilder subaccount(String accountSid) {
		check("account SID", "AC", ACCOUNT_SID, accountSid);
		this.credentials = null;
		this.accountSid = accountSid;
		return this;
	}

	/**
	 * The sender of messages that name none, in place of the configured number and
	 * Messaging Service.
	 * @param sender a number, alphanumeric sender or channel address; can't schedule
	 * @return this builder
	 */
	public MessagingTemplateBuilder from(String sender) {
		this.from = sender;
		this.messagingServiceSid = null;
		return this;
	}

	/**
	 * The Messaging Service of messages that name no sender, in place of the configured
	 * number and Messaging Service.
	 * @param sid "MG" and 32 hexadecimal digits
	 * @return this builder
	 */
	public MessagingTemplateBuilder messagingServiceSid(String sid) {
		this.from = null;
		this.messagingServiceSid = sid;
		return this;
	}

	/**
	 * The URL for the delivery reports of messages that name none, in place of this
	 * application's own.
	 * @param url an absolute URL, or {@code null} for none
	 * @return this builder
	 */
	public MessagingTemplateBuilder statusCallback(@Nullable String url) {
		this.statusCallback = () -> url;
		return this;
	}

	// Calls with the configured credentials count for it.
	MessagingTemplateBuilder health(@Nullable ApiHealth health) {
		this.health = health;
		return this;
	}

	/**
	 * Builds a template with a retry budget of its own.
	 * @return the template
	 */
	public MessagingTemplate build() {
		TwilioProperties.Retry retry = this.properties.retry();
		ApiClient client = this.connector.client(access(), this.connectionDetails.getClock(),
				retry.serviceUnavailable(), (this.credentials == null) ? this.health : null);
		ExchangePolicy policy = new ExchangePolicy(new SpringRetryStrategy(this.retryPolicies),
				new RetryBudget(retry.budget()), this.properties.client().deadline(), retry.maxRetryAfter(),
				this.connectionDetails.getClock(), SharedTimer.parallel());
		return new MessagingTemplate(new ExchangeExecutor(client, policy, this.observations), settings(),
				this.connectionDetails.getClock());
	}

	private ApiAccess access() {
		TwilioConnectionDetails details = this.connectionDetails;
		String account = (this.accountSid != null) ? this.accountSid : details.getAccountSid();
		Credentials own = this.credentials;
		return new ApiAccess(details.getBaseUrl(), account, (own != null) ? own.username() : details.getUsername(),
				(own != null) ? own.password() : details.getPassword());
	}

	private MessagingSettings settings() {
		TwilioProperties.Limits limits = this.properties.limits();
		return new MessagingSettings(
				this.from, this.messagingServiceSid, this.statusCallback, new MessageLimits(limits.scheduleMinimum(),
						limits.scheduleMaximum(), limits.validityMaximum(), limits.fromWithMessagingService()),
				this.properties.concurrency());
	}

	private static void check(String name, String prefix, Pattern pattern, String sid) {
		if (!pattern.matcher(sid).matches()) {
			throw new IllegalArgumentException("The %s must be %s and 32 hexadecimal digits".formatted(name, prefix));
		}
	}

	private record Credentials(String username, String password) {

		@Override
		public String toString() {
			return "Credentials[]";
		}

	}

}

package io.github.twiliospring.messaging.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import io.github.twiliospring.messaging.message.Masking;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Everything that can be configured, below {@code twilio}.
 *
 * @param accountSid Account SID, "AC" and 32 hexadecimal digits.
 * @param authToken Auth token of the account. Authenticates API calls unless an API key
 * is given, and verifies webhooks.
 * @param apiKey SID of the API key that authenticates API calls in place of the auth
 * token, "SK" and 32 hexadecimal digits.
 * @param apiSecret Secret of the API key.
 * @param region Region that processes the messages, for example "ie1".
 * @param edge Edge location through which the API is reached, for example "dublin".
 * @param baseUrl Base URL of the API, in place of the one that region and edge make.
 * @param messaging What concerns messages.
 */
@ConfigurationProperties("twilio")
public record TwilioProperties(@Nullable String accountSid, @Nullable String authToken, @Nullable String apiKey,
		@Nullable String apiSecret, @Nullable String region, @Nullable String edge, @Nullable URI baseUrl,
		@DefaultValue Messaging messaging) {

	@Override
	public String toString() {
		return "TwilioProperties[accountSid=" + this.accountSid + "]";
	}

	/**
	 * What concerns messages.
	 *
	 * @param from Sender of messages that name none. Can't schedule.
	 * @param messagingServiceSid Messaging Service of messages that name no sender. Wins
	 * over "from".
	 * @param concurrency How many messages sendAll has in flight.
	 * @param client HTTP client of the API.
	 * @param retry Repetition of attempts that surely weren't processed.
	 * @param limits Limits that the provider has moved or that depend on the account.
	 */
	public record Messaging(@Nullable String from, @Nullable String messagingServiceSid,
			@DefaultValue("64") int concurrency, @DefaultValue Client client, @DefaultValue Retry retry,
			@DefaultValue Limits limits) {

		@Override
		public String toString() {
			return "Messaging[from=" + Masking.address(this.from) + ", messagingServiceSid=" + this.messagingServiceSid
					+ "]";
		}

	}

	/**
	 * HTTP client of the API.
	 *
	 * @param connectTimeout Longest wait for a connection. Without it, Boot's HTTP client
	 * setting holds, or 5 seconds.
	 * @param responseTimeout Longest wait for an answer. Without it, Boot's HTTP client
	 * setting holds, or 15 seconds.
	 * @param deadline Longest time for a call, with all attempts and pauses.
	 * @param pool Connection pool, where the client is Reactor Netty.
	 */
	public record Client(@Nullable Duration connectTimeout, @Nullable Duration responseTimeout,
			@DefaultValue("30s") Duration deadline, @DefaultValue Pool pool) {

	}

	/**
	 * Connection pool.
	 *
	 * @param enabled Whether the API client has a pool of its own. Without it, the client
	 * that the application's ReactorClientHttpConnectorBuilder makes is used as it is.
	 * @param maxConnections Most connections.
	 * @param maxPending Most calls that wait for a connection. Over it a call fails at
	 * once as not sent.
	 * @param acquireTimeout Longest wait for a free connection.
	 * @param maxIdleTime How long a connection may stay idle.
	 * @param maxLifeTime How long a connection may live.
	 */
	public record Pool(@DefaultValue("true") boolean enabled, @DefaultValue("100") int maxConnections,
			@DefaultValue("1000") int maxPending, @DefaultValue("5s") Duration acquireTimeout,
			@DefaultValue("20s") Duration maxIdleTime, @DefaultValue("5m") Duration maxLifeTime) {

	}

	/**
	 * Repetition of attempts that surely weren't processed.
	 *
	 * @param maxAttempts Attempts in all.
	 * @param initialInterval Shortest first pause.
	 * @param multiplier What each pause is multiplied by for the next.
	 * @param maxInterval Longest pause.
	 * @param maxRetryAfter A longer Retry-After fails at once.
	 * @param budget Retries possible in a burst. Each send gives back a tenth of one.
	 * @param serviceUnavailable Whether a 503 counts as surely not processed.
	 */
	public record Retry(@DefaultValue("3") int maxAttempts, @DefaultValue("500ms") Duration initialInterval,
			@DefaultValue("2") double multiplier, @DefaultValue("10s") Duration maxInterval,
			@DefaultValue("60s") Duration maxRetryAfter, @DefaultValue("10") int budget,
			@DefaultValue("false") boolean serviceUnavailable) {

	}

	/**
	 * Limits that the provider has moved or that depend on the account.
	 *
	 * @param scheduleMinimum How far ahead a scheduled message must be.
	 * @param scheduleMaximum How far ahead a scheduled message may be. The provider has
	 * widened it to 35 days.
	 * @param validityMaximum Longest validity period. The provider has widened it to 10
	 * hours.
	 * @param fromWithMessagingService Whether a message may have both a From and a
	 * Messaging Service.
	 */
	public record Limits(@DefaultValue("15m") Duration scheduleMinimum, @DefaultValue("7d") Duration scheduleMaximum,
			@DefaultValue("4h") Duration validityMaximum, @DefaultValue("false") boolean fromWithMessagingService) {

	}

}

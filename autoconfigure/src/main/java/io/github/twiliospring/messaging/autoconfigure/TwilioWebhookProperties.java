package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The endpoints for status updates and incoming messages.
 *
 * @param enabled Whether the endpoints for status updates and incoming messages are
 * served.
 * @param publicUrl Scheme and host at which the provider reaches the application, with
 * the path prefix that a proxy strips. StatusCallback URLs are then filled in. Taken as
 * it stands: what means something in a URL is escaped.
 * @param path Path of the endpoint for status updates within the application.
 * @param inboundPath Path of the endpoint for incoming messages within the application.
 * It's there where a method is annotated with InboundMessage.
 * @param verifiedPaths Patterns of the application's own paths whose requests have to be
 * signed by the provider.
 * @param behindSecurity Whether the endpoints are served behind Spring Security, which
 * then has to let them pass without a CSRF token.
 * @param authTokens Further auth tokens that are valid while one replaces another.
 * @param callback StatusCallback URLs of messages that name none.
 * @param request What a request may be.
 * @param maxConcurrentHandlers Most methods that block at once. Beyond it, a call waits
 * for as long as an answer may take; then the provider is asked to repeat.
 * @param handlerLimit How long a method may take. Afterwards it's interrupted, and the
 * next request of its message calls it again.
 * @param ledger Marks of what was handed to which handler.
 * @param selfTest Whether the endpoints are tried once the application is ready. By
 * default they are, but not in tests.
 * @param events Whether every verified status update is published as an application
 * event, too.
 * @param sweep Search for status updates that never arrived.
 */
@ConfigurationProperties("twilio.messaging.webhook")
public record TwilioWebhookProperties(@DefaultValue("true") boolean enabled, @Nullable String publicUrl,
		@DefaultValue("/twilio/status") String path, @DefaultValue("/twilio/inbound") String inboundPath,
		@DefaultValue List<String> verifiedPaths, @DefaultValue("false") boolean behindSecurity,
		@DefaultValue List<String> authTokens, @DefaultValue Callback callback, @DefaultValue Request request,
		@DefaultValue("50") int maxConcurrentHandlers, @DefaultValue("10m") Duration handlerLimit,
		@DefaultValue Ledger ledger, @Nullable Boolean selfTest, @DefaultValue("false") boolean events,
		@DefaultValue Sweep sweep) {

	@Override
	public String toString() {
		return "TwilioWebhookProperties[publicUrl=" + StatusCallbackAddress.shown(this.publicUrl) + ", path="
				+ this.path + "]";
	}

	/**
	 * StatusCallback URLs of messages that name none.
	 *
	 * @param fillIn Whether the endpoint's URL is filled in.
	 * @param overrides Connection overrides that follow the URL as its fragment. They
	 * rule the provider's retries.
	 */
	public record Callback(@DefaultValue("true") boolean fillIn,
			@DefaultValue("rc=2&rp=5xx,ct,rt&rt=4500") String overrides) {

	}

	/**
	 * What a request may be.
	 *
	 * @param maxSize Longest body.
	 * @param maxParameters Most parameters.
	 * @param bodyTimeout How long a body may take to arrive.
	 * @param answerTimeout How long the answer to a status update may take before the
	 * provider is asked to repeat it.
	 * @param inboundAnswerTimeout How long the answer to an incoming message may take.
	 * The provider waits 15 seconds for it.
	 */
	public record Request(@DefaultValue("64KB") DataSize maxSize, @DefaultValue("200") int maxParameters,
			@DefaultValue("4s") Duration bodyTimeout, @DefaultValue("4s") Duration answerTimeout,
			@DefaultValue("14s") Duration inboundAnswerTimeout) {

	}

	/**
	 * Marks of what was handed to which handler.
	 *
	 * @param store Where the marks are kept. Several instances need one in common.
	 * @param maxEntries Most marks in memory, one for each message and handler.
	 * @param retention How long a mark is kept.
	 * @param answerRetention How long the answer to an incoming message is kept.
	 * @param lease How long a claim in Redis outlives its instance.
	 * @param keyPrefix What every key in Redis begins with.
	 */
	public record Ledger(@DefaultValue("memory") Store store, @DefaultValue("1000000") long maxEntries,
			@DefaultValue("10d") Duration retention, @DefaultValue("1h") Duration answerRetention,
			@DefaultValue("30s") Duration lease, @DefaultValue("twilio:callback:") String keyPrefix) {

		/**
		 * Where marks are kept.
		 */
		public enum Store {

			/** In this process; they end with it. */
			MEMORY,

			/** In Redis, through Spring Data Redis. */
			REDIS

		}

	}

	/**
	 * Search for status updates that never arrived.
	 *
	 * @param interval Time between two searches, the first of which is at the start.
	 * Without it, nothing is searched.
	 * @param window How far back each search looks.
	 */
	public record Sweep(@Nullable Duration interval, @DefaultValue("1d") Duration window) {

	}

}

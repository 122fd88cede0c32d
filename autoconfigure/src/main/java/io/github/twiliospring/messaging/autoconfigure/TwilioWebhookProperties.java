package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The webhook's place in the application, beside what {@link TwilioProperties.Webhook}
 * says about its requests.
 *
 * @param behindSecurity Whether the webhook is served behind Spring Security, which then
 * has to let it pass without a CSRF token.
 * @param inboundPath Path of the endpoint for incoming messages within the application.
 * It's there where a method is annotated with InboundMessage.
 * @param verifiedPaths Patterns of the application's own paths whose requests have to be
 * signed by the provider.
 * @param events Whether every verified status update is published as an application
 * event, too.
 * @param sweep Search for status updates that never arrived.
 */
@ConfigurationProperties("twilio.messaging.webhook")
public record TwilioWebhookProperties(@DefaultValue("false") boolean behindSecurity,
		@DefaultValue("/twilio/inbound") String inboundPath, @DefaultValue List<String> verifiedPaths,
		@DefaultValue("false") boolean events, @DefaultValue Sweep sweep) {

	/**
	 * Search for status updates that never arrived.
	 *
	 * @param interval Pause between two searches, the first of which is at the start.
	 * Without it, there's none.
	 * @param window How far back each search looks.
	 */
	public record Sweep(@Nullable Duration interval, @DefaultValue("1d") Duration window) {

	}

}

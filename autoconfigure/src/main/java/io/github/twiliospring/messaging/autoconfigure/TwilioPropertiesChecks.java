package io.github.twiliospring.messaging.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What can't work whatever is sent, found at startup.
 */
final class TwilioPropertiesChecks {

	private static final Pattern SERVICE_SID = Pattern.compile("MG[0-9a-fA-F]{32}");

	private TwilioPropertiesChecks() {
	}

	static void checkMessaging(TwilioProperties.Messaging messaging) {
		String service = messaging.messagingServiceSid();
		if (service != null && !service.isEmpty()) {
			PropertiesTwilioConnectionDetails.check("twilio.messaging.messaging-service-sid", service, SERVICE_SID,
					"MG");
		}
		checkRange("twilio.messaging.concurrency", messaging.concurrency(), 1, Integer.MAX_VALUE);
		checkRange("twilio.messaging.retry.budget", messaging.retry().budget(), 0, 1_000_000);
	}

	static void checkClient(TwilioProperties properties) {
		URI baseUrl = properties.baseUrl();
		if (baseUrl != null && (!isCallable(baseUrl) || baseUrl.getRawUserInfo() != null)) {
			// The value isn't shown: it may hold a password.
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.base-url' is no callable http or https URL, or has credentials, a query or a fragment.",
					"Set it to scheme and host, and the path prefix of a gateway if there is one, for example"
							+ " 'https://api.twilio.com'. The host name can't have an underscore. Credentials have properties of their own, as in"
							+ " 'twilio.auth-token'.");
		}
		TwilioProperties.Client client = properties.messaging().client();
		checkPositive("twilio.messaging.client.deadline", client.deadline());
		checkRange("twilio.messaging.client.pool.max-connections", client.pool().maxConnections(), 1,
				Integer.MAX_VALUE);
	}

	static void checkRetryPolicy(TwilioProperties.Retry retry) {
		checkRange("twilio.messaging.retry.max-attempts", retry.maxAttempts(), 1, Integer.MAX_VALUE);
		checkPositive("twilio.messaging.retry.initial-interval", retry.initialInterval());
		checkPositive("twilio.messaging.retry.max-interval", retry.maxInterval());
		// The comparison refuses what is no number, too.
		if (!(retry.multiplier() > 1)) {
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.messaging.retry.multiplier' is %s, so that pauses wouldn't grow."
						.formatted(retry.multiplier()),
					"Set it to more than 1. For equal pauses, declare a TwilioRetryPolicies bean.");
		}
	}

	private static void checkRange(String property, int value, int least, int most) {
		if (value < least || value > most) {
			throw new InvalidTwilioConfigurationException("The property '%s' is %d.".formatted(property, value),
					(most == Integer.MAX_VALUE) ? "Set it to %d or more.".formatted(least)
							: "Set it to %d to %d.".formatted(least, most));
		}
	}

	private static void checkPositive(String property, Duration value) {
		if (value.toMillis() < 1) {
			throw new InvalidTwilioConfigurationException("The property '%s' is %s.".formatted(property, value),
					"Set it to 1ms or more.");
		}
	}

	static void checkWebhook(TwilioProperties.Webhook webhook) {
		if (!webhook.path().startsWith("/")) {
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.messaging.webhook.path' doesn't begin with a slash.",
					"Set it to a path within the application, for example '/twilio/status'.");
		}
		URI publicUrl = webhook.publicUrl();
		if (publicUrl != null && !isCallable(publicUrl)) {
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.messaging.webhook.public-url' is no URL that the provider could call.",
					"Set it to scheme and host, and the path prefix that a proxy strips, for example"
							+ " 'https://shop.example.com'. The host name can't have an underscore.");
		}
	}

	private static boolean isCallable(URI url) {
		boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
		return web && url.getHost() != null && !url.getHost().contains("_") && url.getRawQuery() == null
				&& url.getRawFragment() == null;
	}

}

package io.github.twiliospring.messaging.autoconfigure;

import java.net.URI;
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
		if (messaging.concurrency() < 1) {
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.messaging.concurrency' is %d.".formatted(messaging.concurrency()),
					"Set it to 1 or more.");
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

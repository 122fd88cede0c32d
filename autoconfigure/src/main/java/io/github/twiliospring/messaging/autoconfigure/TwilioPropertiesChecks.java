package io.github.twiliospring.messaging.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.SidKind;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * What can't work whatever is sent, found at startup.
 */
final class TwilioPropertiesChecks {

	private static final Log logger = LogFactory.getLog(TwilioPropertiesChecks.class);

	// More digits than a short code has.
	private static final Duration LONGEST = Duration.ofDays(365);

	private static final Pattern UNQUOTED = Pattern.compile("[1-9]\\d{8,14}");

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Za-z0-9_.-]+)\\}");

	private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?");

	// RFC 3986, section 3.3 and 3.5.
	private static final Pattern PATH = Pattern.compile("(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)+");

	private static final Pattern FRAGMENT = Pattern.compile("([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*");

	private static final String API_VERSION = "/2010-04-01";

	private TwilioPropertiesChecks() {
	}

	static void checkMessaging(TwilioProperties.Messaging messaging) {
		String service = text("twilio.messaging.messaging-service-sid", messaging.messagingServiceSid());
		if (service != null) {
			checkSid("twilio.messaging.messaging-service-sid", service, SidKind.MESSAGING_SERVICE);
		}
		String from = text("twilio.messaging.from", messaging.from());
		if (from != null && UNQUOTED.matcher(from).matches()) {
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.messaging.from' is a number without its plus sign, which YAML takes away from a"
							+ " number that isn't quoted.",
					"Quote it, as in from: \"+15017122661\".");
		}
		if (from != null && !isSender(from)) {
			throw new InvalidTwilioConfigurationException("The property 'twilio.messaging.from' is no sender.",
					"Set it to a number in E.164 form, as in '+15017122661', a short code, an alphanumeric sender of up"
							+ " to 11 letters, digits, space and - + _ &, or a channel address, as in 'whatsapp:+15017122661'.");
		}
		checkRange("twilio.messaging.concurrency", messaging.concurrency(), 1, Integer.MAX_VALUE);
		checkRange("twilio.messaging.retry.budget", messaging.retry().budget(), 0, 1_000_000);
	}

	// A query takes the same addresses as a message.
	private static boolean isSender(String from) {
		return SidKind.MESSAGING_SERVICE.matches(from) || MessageQuery.query().from(from).faults().isEmpty();
	}

	static void checkClient(TwilioProperties properties) {
		URI baseUrl = properties.baseUrl();
		if (baseUrl != null && endsWith(baseUrl, API_VERSION)) {
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.base-url' ends with '%s', which each call adds to it.".formatted(API_VERSION),
					"Leave that away, as in 'https://api.twilio.com'.");
		}
		if (baseUrl != null && (!isCallable(baseUrl) || baseUrl.getRawUserInfo() != null)) {
			// The value isn't shown: it may hold a password.
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.base-url' is no callable http or https URL, or has credentials, a query or a"
							+ " fragment.",
					"Set it to scheme and host, and the path prefix of a gateway if there is one, for example"
							+ " 'https://api.twilio.com'. The host name can't have an underscore. Credentials have"
							+ " properties of their own, as in 'twilio.auth-token'.");
		}
		checkLabel("twilio.region", properties.region(), "ie1");
		checkLabel("twilio.edge", properties.edge(), "dublin");
		warnOfRegionAlone(properties);
		TwilioProperties.Client client = properties.messaging().client();
		checkPositive("twilio.messaging.client.deadline", client.deadline());
		checkRange("twilio.messaging.client.pool.max-connections", client.pool().maxConnections(), 1,
				Integer.MAX_VALUE);
		checkRange("twilio.messaging.client.pool.max-pending", client.pool().maxPending(), 1, Integer.MAX_VALUE);
		checkPositive("twilio.messaging.client.pool.acquire-timeout", client.pool().acquireTimeout());
	}

	// The provider's page "Understanding Edge Locations".
	private static void warnOfRegionAlone(TwilioProperties properties) {
		String region = text("twilio.region", properties.region());
		if (region != null && !region.equals("us1") && text("twilio.edge", properties.edge()) == null
				&& properties.baseUrl() == null) {
			logger.warn(
					"The property 'twilio.region' is set without 'twilio.edge': the provider announced the end of hosts"
							+ " of a region alone, us1 aside, for 2026-04-28. Set the edge, too, as in dublin for ie1"
							+ " or sydney for au1");
		}
	}

	/**
	 * What a property was set to.
	 * @return the text, {@code null} for none
	 */
	static @Nullable String text(String property, @Nullable String value) {
		// Boot leaves a placeholder as it stands. As a token, everybody would know it.
		if (value != null && value.contains("${")) {
			Matcher placeholder = PLACEHOLDER.matcher(value);
			throw placeholder.find()
					? new InvalidTwilioConfigurationException(
							"The property '%s' is to be taken from '%s', which isn't set.".formatted(property,
									placeholder.group()),
							"Set the variable %s, or the property itself.".formatted(placeholder.group(1)))
					: new InvalidTwilioConfigurationException(
							"The property '%s' holds an unfinished placeholder '${'.".formatted(property),
							"Set the property to a value, or to a placeholder such as '${NAME}'.");
		}
		return StringUtils.hasText(value) ? value : null;
	}

	/**
	 * A secret, which has no white space: a mounted file often has a line break at its
	 * end, and the provider would refuse it.
	 */
	static String secret(String property, String value) {
		if (value.chars().anyMatch(Character::isWhitespace)) {
			throw new InvalidTwilioConfigurationException(
					"The property '%s' %s white space or a line break.".formatted(property,
							value.equals(value.strip()) ? "holds" : "begins or ends with"),
					"Remove it; where the value comes from a file, the file must end with its last character.");
		}
		return value;
	}

	static void checkSid(String property, String value, SidKind kind) {
		if (!kind.matches(value)) {
			throw new InvalidTwilioConfigurationException(
					"The property '%s' is no SID of the right kind: it %s.".formatted(property, kind.problem(value)),
					"Set it as the provider's console shows it.");
		}
	}

	private static void checkLabel(String property, @Nullable String value, String example) {
		String label = text(property, value);
		if (label != null && !LABEL.matcher(label).matches()) {
			throw new InvalidTwilioConfigurationException(
					"The property '%s' can't be a part of a host name.".formatted(property),
					"Set it to what the provider calls it, for example '%s'.".formatted(example));
		}
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
		if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
			throw new InvalidTwilioConfigurationException("The property '%s' is %s.".formatted(property, value),
					"Set it to 1ms to 365d.");
		}
	}

	static void checkPath(String property, String path) {
		if (!PATH.matcher(path).matches()) {
			throw new InvalidTwilioConfigurationException(
					"The property '%s' is no path: it doesn't begin with a slash, or holds what a path can't."
						.formatted(property),
					"Set it to a path within the application, for example '/twilio/status'.");
		}
	}

	static void checkWebhook(TwilioWebhookProperties webhook) {
		checkPath("twilio.messaging.webhook.path", webhook.path());
		String overrides = webhook.callback().overrides();
		if (!overrides.isEmpty() && !FRAGMENT.matcher(overrides).matches()) {
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.messaging.webhook.callback.overrides' can't be the fragment of a URL.",
					"Set it to pairs of name and value, for example 'rc=2&rp=5xx', or leave it empty.");
		}
		URI publicUrl = publicUrl(webhook);
		for (String path : List.of(webhook.path(), webhook.inboundPath())) {
			if (publicUrl != null && path.length() > 1 && endsWith(publicUrl, path)) {
				throw new InvalidTwilioConfigurationException(
						"The property 'twilio.messaging.webhook.public-url' ends with '%s', which is added to it."
							.formatted(path),
						"Leave that away, as in 'https://shop.example.com'.");
			}
		}
	}

	/**
	 * Reads the public URL, which Spring's conversion would escape once more.
	 * @return the URL, or {@code null} where none is set
	 */
	static @Nullable URI publicUrl(TwilioWebhookProperties webhook) {
		String configured = webhook.publicUrl();
		if (configured == null || configured.isBlank()) {
			return null;
		}
		try {
			URI url = new URI(configured.strip());
			if (isCallable(url)) {
				return url;
			}
		}
		catch (URISyntaxException ex) {
			// Its message shows the URL, and perhaps a password in it.
		}
		throw new InvalidTwilioConfigurationException(
				"The property 'twilio.messaging.webhook.public-url' is no URL that the provider could call.",
				"Set it to scheme and host, and the path prefix that a proxy strips, for example"
						+ " 'https://shop.example.com'. The host name can't have an underscore, and in a user name and"
						+ " a password other characters than letters, digits and '-._~' are escaped ('%40' for '@').");
	}

	static void checkRequest(TwilioWebhookProperties webhook) {
		TwilioWebhookProperties.Request request = webhook.request();
		long maxSize = request.maxSize().toBytes();
		if (maxSize < 1 || maxSize > Integer.MAX_VALUE) {
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.messaging.webhook.request.max-size' is %d bytes.".formatted(maxSize),
					"Set it to 1B to 2047MB; the provider's requests have some kilobytes.");
		}
		checkRange("twilio.messaging.webhook.request.max-parameters", request.maxParameters(), 1, 100_000);
		checkPositive("twilio.messaging.webhook.request.body-timeout", request.bodyTimeout());
		checkPositive("twilio.messaging.webhook.request.answer-timeout", request.answerTimeout());
		checkPositive("twilio.messaging.webhook.request.inbound-answer-timeout", request.inboundAnswerTimeout());
		checkRange("twilio.messaging.webhook.max-concurrent-handlers", webhook.maxConcurrentHandlers(), 1, 10_000);
		checkPositive("twilio.messaging.webhook.handler-limit", webhook.handlerLimit());
		if (webhook.handlerLimit().compareTo(request.inboundAnswerTimeout()) < 0) {
			throw new InvalidTwilioConfigurationException(
					"The property 'twilio.messaging.webhook.handler-limit' is %s, so that a method would be interrupted while its answer is waited for."
						.formatted(webhook.handlerLimit()),
					"Set it to no less than 'twilio.messaging.webhook.request.inbound-answer-timeout', which is %s."
						.formatted(request.inboundAnswerTimeout()));
		}
	}

	private static boolean endsWith(URI url, String path) {
		return url.getPath() != null && StringUtils.trimTrailingCharacter(url.getPath(), '/').endsWith(path);
	}

	private static boolean isCallable(URI url) {
		boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
		return web && url.getHost() != null && !url.getHost().contains("_") && url.getRawQuery() == null
				&& url.getRawFragment() == null;
	}

}

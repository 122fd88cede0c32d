package io.github.twiliospring.messaging.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of what the info endpoint shows, without a secret or a number.
 */
@AutoConfiguration(after = { TwilioMessagingAutoConfiguration.class, TwilioWebhookAutoConfiguration.class })
@ConditionalOnClass(InfoContributor.class)
@ConditionalOnBean(TwilioConnectionDetails.class)
@ConditionalOnBooleanProperty("management.info.twilio.enabled")
public final class TwilioInfoAutoConfiguration {

	private static final int VISIBLE = 4;

	TwilioInfoAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = "twilioInfoContributor")
	InfoContributor twilioInfoContributor(TwilioProperties properties, TwilioWebhookProperties webhook,
			TwilioConnectionDetails connectionDetails, ObjectProvider<StatusCallbackAddress> address) {
		TwilioProperties.Messaging messaging = properties.messaging();
		return (info) -> {
			Map<String, Object> details = new LinkedHashMap<>();
			put(details, "accountSid", accountSid(connectionDetails));
			put(details, "region", properties.region());
			put(details, "edge", properties.edge());
			details.put("sender", sender(messaging));
			put(details, "webhookPath", (address.getIfAvailable() != null) ? webhook.path() : null);
			info.withDetail("twilio", details);
		};
	}

	private static @Nullable String accountSid(TwilioConnectionDetails connectionDetails) {
		try {
			String accountSid = connectionDetails.getAccountSid();
			return "AC…" + accountSid.substring(Math.max(0, accountSid.length() - VISIBLE));
		}
		catch (InvalidTwilioConfigurationException ex) {
			// An application with operations of its own needs no account.
			return null;
		}
	}

	private static void put(Map<String, Object> details, String key, @Nullable String value) {
		if (StringUtils.hasText(value)) {
			details.put(key, value);
		}
	}

	private static String sender(TwilioProperties.Messaging messaging) {
		if (StringUtils.hasText(messaging.messagingServiceSid())) {
			return "messaging-service";
		}
		return StringUtils.hasText(messaging.from()) ? "from" : "none";
	}

}

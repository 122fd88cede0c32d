package io.github.twiliospring.messaging.autoconfigure;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.github.twiliospring.messaging.message.SidKind;
import org.jspecify.annotations.Nullable;

/**
 * Connection details from properties. Credentials are checked once they're asked for, so
 * that an application with a client of its own needs none.
 */
final class PropertiesTwilioConnectionDetails implements TwilioConnectionDetails {

	private final TwilioProperties properties;

	private final TwilioWebhookProperties webhook;

	PropertiesTwilioConnectionDetails(TwilioProperties properties, TwilioWebhookProperties webhook) {
		this.properties = properties;
		this.webhook = webhook;
	}

	@Override
	public URI getBaseUrl() {
		URI baseUrl = this.properties.baseUrl();
		if (baseUrl != null) {
			return baseUrl;
		}
		String edge = TwilioPropertiesChecks.text("twilio.edge", this.properties.edge());
		String region = TwilioPropertiesChecks.text("twilio.region", this.properties.region());
		if (edge != null && region == null) {
			// An edge alone implies the first region (API page "Global Infrastructure").
			region = "us1";
		}
		return URI.create("https://api." + ((edge != null) ? edge + "." : "") + ((region != null) ? region + "." : "")
				+ "twilio.com");
	}

	@Override
	public String getAccountSid() {
		String accountSid = TwilioPropertiesChecks.text("twilio.account-sid", this.properties.accountSid());
		if (accountSid == null) {
			throw hasSecret() ? new InvalidTwilioConfigurationException(
					"Messages can't be sent, because the SID of the Twilio account is missing.",
					"Set the property 'twilio.account-sid' to AC and 32 hexadecimal digits, as the provider's console"
							+ " shows it.")
					: missingCredentials();
		}
		TwilioPropertiesChecks.checkSid("twilio.account-sid", accountSid, SidKind.ACCOUNT);
		return accountSid;
	}

	@Override
	public String getUsername() {
		String accountSid = getAccountSid();
		return hasApiKey() ? apiKey() : accountSid;
	}

	@Override
	public String getPassword() {
		if (hasApiKey()) {
			apiKey();
			return secret("twilio.api-secret", apiSecret(),
					"The API key 'twilio.api-key' (variable TWILIO_API_KEY) has no secret.",
					"Set the property 'twilio.api-secret' or the variable TWILIO_API_SECRET, or remove"
							+ " the key to use the auth token.");
		}
		if (TwilioPropertiesChecks.text("twilio.account-sid", this.properties.accountSid()) == null
				&& authToken() == null) {
			throw missingCredentials();
		}
		return secret("twilio.auth-token", authToken(),
				"Messages can't be sent, because the auth token of the Twilio account is missing.",
				"Set the property 'twilio.auth-token', or 'twilio.api-key' and 'twilio.api-secret'.");
	}

	@Override
	public List<String> getAuthTokens() {
		List<String> tokens = new ArrayList<>();
		String authToken = authToken();
		if (authToken != null) {
			tokens.add(TwilioPropertiesChecks.secret("twilio.auth-token", authToken));
		}
		this.webhook.authTokens()
			.stream()
			.map((token) -> TwilioPropertiesChecks.text("twilio.messaging.webhook.auth-tokens", token))
			.filter(Objects::nonNull)
			.map((token) -> TwilioPropertiesChecks.secret("twilio.messaging.webhook.auth-tokens", token))
			.forEach(tokens::add);
		return tokens;
	}

	// A key and its secret win over the auth token; placeholders that resolve to nothing
	// stand for none.
	private boolean hasApiKey() {
		return TwilioPropertiesChecks.text("twilio.api-key", this.properties.apiKey()) != null || apiSecret() != null;
	}

	private String apiKey() {
		String sid = TwilioPropertiesChecks.text("twilio.api-key", this.properties.apiKey());
		if (sid == null) {
			throw new InvalidTwilioConfigurationException(
					"The secret 'twilio.api-secret' (variable TWILIO_API_SECRET) has no API key.",
					"Set the property 'twilio.api-key' or the variable TWILIO_API_KEY, or remove the secret to use the"
							+ " auth token.");
		}
		TwilioPropertiesChecks.checkSid("twilio.api-key", sid, SidKind.API_KEY);
		return sid;
	}

	private @Nullable String apiSecret() {
		return TwilioPropertiesChecks.text("twilio.api-secret", this.properties.apiSecret());
	}

	private @Nullable String authToken() {
		return TwilioPropertiesChecks.text("twilio.auth-token", this.properties.authToken());
	}

	private static String secret(String property, @Nullable String value, String problem, String action) {
		if (value == null) {
			throw new InvalidTwilioConfigurationException(problem, action);
		}
		return TwilioPropertiesChecks.secret(property, value);
	}

	private boolean hasSecret() {
		return hasApiKey() || authToken() != null;
	}

	private static InvalidTwilioConfigurationException missingCredentials() {
		return new InvalidTwilioConfigurationException(
				"Messages can't be sent, because the credentials of the Twilio account are missing.",
				"Set the properties 'twilio.account-sid' and 'twilio.auth-token' (or 'twilio.api-key' and"
						+ " 'twilio.api-secret'). To develop without an account, add the dependency"
						+ " 'twilio-messaging-simulator' and set 'twilio.simulator.enabled=true'.");
	}

}

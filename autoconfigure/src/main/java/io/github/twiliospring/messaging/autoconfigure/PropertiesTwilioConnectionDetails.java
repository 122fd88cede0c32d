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

	PropertiesTwilioConnectionDetails(TwilioProperties properties) {
		this.properties = properties;
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
		TwilioProperties.ApiKey apiKey = apiKey();
		return (apiKey != null) ? apiKeySid(apiKey) : accountSid;
	}

	@Override
	public String getPassword() {
		TwilioProperties.ApiKey apiKey = apiKey();
		String password = (apiKey != null) ? TwilioPropertiesChecks.text("twilio.api-key.secret", apiKey.secret())
				: TwilioPropertiesChecks.text("twilio.auth-token", this.properties.authToken());
		if (password != null) {
			return password;
		}
		if (apiKey != null) {
			throw new InvalidTwilioConfigurationException("The API key has a SID, but no secret.",
					"Set the property 'twilio.api-key.secret', or remove 'twilio.api-key.sid' to use the auth token.");
		}
		if (TwilioPropertiesChecks.text("twilio.account-sid", this.properties.accountSid()) == null) {
			throw missingCredentials();
		}
		throw new InvalidTwilioConfigurationException(
				"Messages can't be sent, because the auth token of the Twilio account is missing.",
				"Set the property 'twilio.auth-token', or 'twilio.api-key.sid' and 'twilio.api-key.secret'.");
	}

	@Override
	public List<String> getAuthTokens() {
		List<String> tokens = new ArrayList<>();
		String authToken = TwilioPropertiesChecks.text("twilio.auth-token", this.properties.authToken());
		if (authToken != null) {
			tokens.add(authToken);
		}
		this.properties.messaging()
			.webhook()
			.authTokens()
			.stream()
			.map((token) -> TwilioPropertiesChecks.text("twilio.messaging.webhook.auth-tokens", token))
			.filter(Objects::nonNull)
			.forEach(tokens::add);
		return tokens;
	}

	// Placeholders that resolve to nothing stand for a key that isn't given.
	private TwilioProperties.@Nullable ApiKey apiKey() {
		TwilioProperties.ApiKey apiKey = this.properties.apiKey();
		boolean given = apiKey != null && (TwilioPropertiesChecks.text("twilio.api-key.sid", apiKey.sid()) != null
				|| TwilioPropertiesChecks.text("twilio.api-key.secret", apiKey.secret()) != null);
		return given ? apiKey : null;
	}

	private boolean hasSecret() {
		return apiKey() != null
				|| TwilioPropertiesChecks.text("twilio.auth-token", this.properties.authToken()) != null;
	}

	private static InvalidTwilioConfigurationException missingCredentials() {
		return new InvalidTwilioConfigurationException(
				"Messages can't be sent, because the credentials of the Twilio account are missing.",
				"Set the properties 'twilio.account-sid' and 'twilio.auth-token' (or 'twilio.api-key.sid' and"
						+ " 'twilio.api-key.secret'). To develop without an account, add the dependency"
						+ " 'twilio-messaging-simulator' and set 'twilio.simulator.enabled=true'.");
	}

	private static String apiKeySid(TwilioProperties.ApiKey apiKey) {
		String sid = TwilioPropertiesChecks.text("twilio.api-key.sid", apiKey.sid());
		if (sid == null) {
			throw new InvalidTwilioConfigurationException("The API key has a secret, but no SID.",
					"Set the property 'twilio.api-key.sid'.");
		}
		TwilioPropertiesChecks.checkSid("twilio.api-key.sid", sid, SidKind.API_KEY);
		return sid;
	}

}

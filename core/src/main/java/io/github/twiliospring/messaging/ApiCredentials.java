package io.github.twiliospring.messaging;

import java.util.Objects;

/**
 * Who calls the API (API page, "Authenticate"). Its text shows no secret.
 *
 * @param accountSid the account, {@code AC…}
 * @param username the account's SID, or an API key's
 * @param password the account's auth token, or the API key's secret
 */
public record ApiCredentials(String accountSid, String username, String password) {

	/**
	 * Refuses what is missing.
	 * @throws NullPointerException if one is {@code null}
	 */
	public ApiCredentials {
		Objects.requireNonNull(accountSid, "The account SID is missing");
		Objects.requireNonNull(username, "The user name of API calls is missing");
		Objects.requireNonNull(password, "The password of API calls is missing");
	}

	/**
	 * An account that calls for itself.
	 * @param accountSid the account, {@code AC…}
	 * @param authToken its auth token
	 * @return the credentials
	 */
	public static ApiCredentials ofAuthToken(String accountSid, String authToken) {
		return new ApiCredentials(accountSid, accountSid, authToken);
	}

	/**
	 * An API key.
	 * @param accountSid the account, {@code AC…}
	 * @param apiKeySid the key, {@code SK…}
	 * @param apiKeySecret its secret
	 * @return the credentials
	 */
	public static ApiCredentials ofApiKey(String accountSid, String apiKeySid, String apiKeySecret) {
		return new ApiCredentials(accountSid, apiKeySid, apiKeySecret);
	}

	@Override
	public String toString() {
		return "ApiCredentials[accountSid=" + this.accountSid + "]";
	}

}

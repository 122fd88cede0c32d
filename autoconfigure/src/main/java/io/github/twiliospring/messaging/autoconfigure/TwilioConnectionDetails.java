package io.github.twiliospring.messaging.autoconfigure;

import java.net.URI;
import java.time.Clock;
import java.util.List;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the API is and who calls it. Made from properties unless a bean replaces it.
 */
public interface TwilioConnectionDetails extends ConnectionDetails {

	/**
	 * Where the API is.
	 * @return scheme, host and port
	 */
	URI getBaseUrl();

	/**
	 * The account.
	 * @return its SID
	 */
	String getAccountSid();

	/**
	 * The user name of API calls.
	 * @return the account's SID, or an API key's
	 */
	String getUsername();

	/**
	 * The password of API calls.
	 * @return the auth token, or an API key's secret
	 */
	String getPassword();

	/**
	 * The tokens that verify webhooks.
	 * @return the auth tokens that are valid now, empty where there's none
	 */
	List<String> getAuthTokens();

	/**
	 * What the limits of scheduled messages are measured on.
	 * @return the system's clock, unless replaced
	 */
	default Clock getClock() {
		return Clock.systemUTC();
	}

	/**
	 * Whether the API is on this machine, and so reaches the application's own port.
	 * @return {@code true} to fill in StatusCallback URLs of the local web server where
	 * there is no public URL
	 */
	default boolean isLocal() {
		return false;
	}

}

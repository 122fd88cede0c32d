package io.github.twiliospring.messaging.client;

import java.net.URI;

/**
 * Where the API is and who calls it.
 *
 * @param baseUrl scheme, host and port, and the path prefix of a gateway if there is one
 * @param accountSid the account in the path
 * @param username the account SID, or an API key's SID
 * @param password the auth token, or the API key's secret
 */
public record ApiAccess(URI baseUrl, String accountSid, String username, String password) {

	/**
	 * The same access to another account, for example a subaccount.
	 * @param accountSid the account in the path
	 * @return the access with the same credentials
	 */
	public ApiAccess forAccount(String accountSid) {
		return new ApiAccess(this.baseUrl, accountSid, this.username, this.password);
	}

	@Override
	public String toString() {
		return "ApiAccess[baseUrl=" + this.baseUrl + ", accountSid=" + this.accountSid + "]";
	}

}

package io.github.twiliospring.messaging.simulator.api;

import io.github.twiliospring.messaging.simulator.engine.Account;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Account resource as JSON, as far as a health check looks at it.
 */
final class AccountJson {

	private AccountJson() {
	}

	static ObjectNode write(Account account) {
		String uri = Paths.account(account.sid());
		ObjectNode json = Json.object();
		json.put("sid", account.sid());
		json.put("owner_account_sid", account.ownerSid());
		json.put("friendly_name", "Simulated account");
		json.put("status", "active");
		json.put("type", account.directory().isTrial() ? "Trial" : "Full");
		json.put("auth_token", account.authToken());
		json.put("date_created", ProviderDates.format(account.opened()));
		json.put("date_updated", ProviderDates.format(account.opened()));
		json.put("uri", uri + ".json");
		json.putObject("subresource_uris").put("messages", uri + "/Messages.json");
		return json;
	}

}

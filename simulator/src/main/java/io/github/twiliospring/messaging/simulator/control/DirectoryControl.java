package io.github.twiliospring.messaging.simulator.control;

import java.util.HashSet;

import io.github.twiliospring.messaging.simulator.api.Json;
import io.github.twiliospring.messaging.simulator.api.Urls;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.Directory;
import io.github.twiliospring.messaging.simulator.engine.Application;
import io.github.twiliospring.messaging.simulator.engine.MessagingService;
import io.github.twiliospring.messaging.simulator.engine.PhoneNumber;
import io.github.twiliospring.messaging.simulator.engine.Network;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What accounts own, read and set over HTTP. To be used under the timeline's lock.
 */
final class DirectoryControl {

	private final Network network;

	DirectoryControl(Network network) {
		this.network = network;
	}

	ObjectNode services(Account account) {
		ObjectNode json = Json.object();
		ArrayNode all = json.putArray("services");
		account.directory().services().values().forEach((service) -> all.add(write(service)));
		return json;
	}

	ObjectNode putService(Account account, ControlParameters parameters) {
		String sid = sid(parameters, "MG");
		account.directory()
			.put(new MessagingService(sid, parameters.all("senders"), url(parameters, "status_callback"),
					url(parameters, "inbound_url")));
		MessagingService service = account.directory().service(sid);
		return (service != null) ? write(service) : Json.object();
	}

	ObjectNode applications(Account account) {
		ObjectNode json = Json.object();
		ArrayNode all = json.putArray("applications");
		account.directory().applications().values().forEach((application) -> all.add(write(application)));
		return json;
	}

	ObjectNode putApplication(Account account, ControlParameters parameters) {
		Application application = new Application(sid(parameters, "AP"), url(parameters, "message_status_callback"));
		account.directory().put(application);
		return write(application);
	}

	ObjectNode numbers(Account account) {
		ObjectNode json = Json.object();
		ArrayNode all = json.putArray("numbers");
		account.directory().numbers().values().forEach((number) -> all.add(write(number)));
		return json;
	}

	ObjectNode putNumber(Account account, ControlParameters parameters) {
		double rate = parameters.number("segments_per_second", 0);
		if (!(rate >= 0 && rate <= 10_000)) {
			throw new MalformedRequestException("'segments_per_second' is 0 to 10000, not " + rate);
		}
		PhoneNumber number = new PhoneNumber(parameters.required("number"), url(parameters, "inbound_url"), rate);
		account.directory().put(number);
		return write(number);
	}

	ObjectNode accounts() {
		ObjectNode json = Json.object();
		ArrayNode all = json.putArray("accounts");
		this.network.accounts().forEach((account) -> all.add(write(account)));
		return json;
	}

	ObjectNode putAccount(ControlParameters parameters) {
		String sid = accountSid("account_sid", parameters.required("account_sid"));
		String owner = parameters.text("owner_account_sid");
		String ownerSid = (owner != null) ? accountSid("owner_account_sid", owner) : null;
		Account known = this.network.account(sid);
		Account account = (known != null) ? known : this.network.open(sid, parameters.required("auth_token"));
		if (ownerSid != null) {
			account.setOwnerSid(ownerSid);
		}
		String key = parameters.text("api_key");
		if (key != null) {
			account.apiKeys().put(key, parameters.required("api_secret"));
		}
		if (parameters.flag("trial")) {
			account.directory().restrictTo(new HashSet<>(parameters.all("verified")));
		}
		return write(account);
	}

	private static String accountSid(String name, String sid) {
		if (!sid.matches("AC[0-9a-fA-F]{32}")) {
			throw new MalformedRequestException("'" + name + "' is AC and 32 hexadecimal digits, not '" + sid + "'");
		}
		return sid;
	}

	private static ObjectNode write(Account account) {
		ObjectNode json = Json.object();
		Directory directory = account.directory();
		json.put("account_sid", account.sid());
		json.put("owner_account_sid", account.ownerSid());
		json.put("messages", account.messages().size());
		json.put("trial", directory.isTrial());
		return json;
	}

	private static ObjectNode write(MessagingService service) {
		ObjectNode json = Json.object();
		json.put("sid", service.sid());
		ArrayNode senders = json.putArray("senders");
		service.senders().forEach(senders::add);
		json.put("status_callback", service.statusCallback());
		json.put("inbound_url", service.inboundUrl());
		return json;
	}

	private static ObjectNode write(Application application) {
		ObjectNode json = Json.object();
		json.put("sid", application.sid());
		json.put("message_status_callback", application.messageStatusCallback());
		return json;
	}

	private static ObjectNode write(PhoneNumber number) {
		ObjectNode json = Json.object();
		json.put("number", number.address());
		json.put("inbound_url", number.inboundUrl());
		json.put("segments_per_second", number.segmentsPerSecond());
		return json;
	}

	private static String sid(ControlParameters parameters, String prefix) {
		String sid = parameters.required("sid");
		if (!sid.matches(prefix + "[0-9a-fA-F]{32}")) {
			throw new MalformedRequestException("'sid' is " + prefix + " and 32 hexadecimal digits, not '" + sid + "'");
		}
		return sid;
	}

	private static @Nullable String url(ControlParameters parameters, String name) {
		String url = parameters.text(name);
		if (url != null && !Urls.isWeb(url)) {
			throw new MalformedRequestException("'" + name + "' is an http or https address, not '" + url + "'");
		}
		return url;
	}

}

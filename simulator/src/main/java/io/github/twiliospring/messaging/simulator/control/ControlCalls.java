package io.github.twiliospring.messaging.simulator.control;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.simulator.api.Json;
import io.github.twiliospring.messaging.simulator.control.Forms.Nothing;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.ApiCall;
import io.github.twiliospring.messaging.simulator.engine.Callback;
import io.github.twiliospring.messaging.simulator.engine.CallbackUrl;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import io.github.twiliospring.messaging.simulator.http.Response;
import io.github.twiliospring.messaging.simulator.network.Application;
import io.github.twiliospring.messaging.simulator.network.ContentTemplate;
import io.github.twiliospring.messaging.simulator.network.Directory;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the requests of the control API do, each in the world and with what it says.
 */
final class ControlCalls {

	private final Timeline timeline;

	private final EventStream events;

	private final String defaultAccount;

	ControlCalls(Timeline timeline, EventStream events, String defaultAccount) {
		this.timeline = timeline;
		this.events = events;
		this.defaultAccount = defaultAccount;
	}

	Response clock(World world, Nothing none, String path) {
		return respond(200, new ControlJson.Clock(this.timeline.now(), this.timeline.isManual()));
	}

	Response advance(World world, Forms.Advance advance, String path) {
		if (advance.to() != null) {
			this.timeline.advanceTo(advance.to());
		}
		else {
			this.timeline.advance(Parameters.required("duration", advance.duration()));
		}
		return clock(world, new Nothing(), path);
	}

	Response messages(World world, Forms.Messages wanted, String path) {
		return page("messages", newestFirst(world).filter(wanted.condition()), wanted);
	}

	Response phones(World world, Forms.Messages wanted, String path) {
		Map<String, StoredMessage> latest = new LinkedHashMap<>();
		newestFirst(world).filter(wanted.condition())
			.forEach((message) -> latest.putIfAbsent(message.phone(), message));
		return page("phones", latest.values().stream(), wanted);
	}

	Response message(World world, Nothing none, String sid) {
		StoredMessage message = world.message(sid);
		if (message == null) {
			return nothingHere(sid);
		}
		ObjectNode json = ControlJson.message(message);
		json.set("text", ControlJson.write(TextFacts.of(message.body())));
		json.set("links", ControlJson.write(message.account().links().of(sid)));
		json.set("callbacks",
				ControlJson.write(world.callbackLog()
					.all()
					.stream()
					.filter((callback) -> callback.message() == message)
					.map(ControlJson.Callback::of)
					.toList()));
		json.set("requests", ControlJson
			.write(world.requests().all().stream().filter((call) -> sid.equals(call.messageSid())).toList()));
		return Json.response(200, json);
	}

	Response requests(World world, CallFilter wanted, String path) {
		List<ApiCall> found = world.requests().all().stream().filter(wanted.condition()).toList();
		ObjectNode json = Json.object();
		json.set("requests", ControlJson.write(latest(found.stream(), wanted.most()).toList()));
		json.put("more", found.size() > wanted.most());
		return Json.response(200, json);
	}

	Response callbacks(World world, Forms.Messages wanted, String path) {
		Predicate<StoredMessage> condition = wanted.condition();
		Stream<Callback> found = world.callbackLog()
			.all()
			.stream()
			.filter((callback) -> condition.test(callback.message()) && wanted.isBefore(callback.message()));
		return list("callbacks", latest(found, wanted.most()).map(ControlJson.Callback::of));
	}

	Response replay(World world, Nothing none, String id) {
		Callback callback = world.callbackLog().find(id);
		if (callback == null) {
			return nothingHere(id);
		}
		try {
			world.callbacks().replay(callback);
		}
		catch (IllegalStateException ex) {
			return error(409, String.valueOf(ex.getMessage()));
		}
		return respond(202, ControlJson.Callback.of(callback));
	}

	Response faults(World world, Nothing none, String path) {
		return faults(200, world);
	}

	Response addFault(World world, Forms.NewFault given, String path) {
		world.faults().add(given.fault());
		return faults(201, world);
	}

	/** One, or all where none is named. */
	Response removeFaults(World world, Nothing none, String id) {
		if (id.isEmpty()) {
			world.faults().removeIf((fault) -> true);
		}
		else if (!id.matches("[0-9]{1,18}") || !world.faults().remove(Long.parseLong(id))) {
			return nothingHere(id);
		}
		return faults(200, world);
	}

	Response outcomes(World world, Nothing none, String path) {
		return outcomes(200, world);
	}

	Response addOutcome(World world, Forms.NewOutcome given, String path) {
		world.outcomes().addFirst(given.rule(world.sids().uuid().toString()));
		return outcomes(201, world);
	}

	/** One, or all where none is named. */
	Response removeOutcomes(World world, Nothing none, String id) {
		world.outcomes().removeIf((rule) -> id.isEmpty() || rule.id().equals(id));
		return outcomes(200, world);
	}

	Response receive(World world, InboundForm given, String path) {
		return Json.response(201, ControlJson.message(given.receive(world, account(world, given.accountSid()))));
	}

	Response services(World world, Forms.OfAccount of, String path) {
		return list("services", directory(world, of.accountSid()).services().values().stream().map(ControlJson::shown));
	}

	Response putService(World world, Forms.Service given, String path) {
		MessagingService service = given.service();
		directory(world, given.accountSid()).put(service);
		return respond(201, ControlJson.shown(service));
	}

	Response applications(World world, Forms.OfAccount of, String path) {
		return list("applications",
				directory(world, of.accountSid()).applications().values().stream().map(ControlJson::shown));
	}

	Response putApplication(World world, Forms.App given, String path) {
		Application application = given.application();
		directory(world, given.accountSid()).put(application);
		return respond(201, ControlJson.shown(application));
	}

	Response templates(World world, Forms.OfAccount of, String path) {
		return list("templates", directory(world, of.accountSid()).templates().values().stream());
	}

	Response putTemplate(World world, Forms.Template given, String path) {
		ContentTemplate template = given.template();
		directory(world, given.accountSid()).put(template);
		return respond(201, template);
	}

	Response links(World world, Forms.OfAccount of, String path) {
		ObjectNode json = Json.object();
		json.set("links", ControlJson.write(account(world, of.accountSid()).links().all()));
		json.put("click_callback", CallbackUrl.shown(directory(world, of.accountSid()).clickCallback()));
		return Json.response(200, json);
	}

	Response reportLinks(World world, Forms.Links given, String path) {
		directory(world, given.accountSid()).clickCallback(Forms.url("click_callback", given.clickCallback()));
		return respond(201, new Forms.Links(CallbackUrl.shown(given.clickCallback()), given.accountSid()));
	}

	Response numbers(World world, Forms.OfAccount of, String path) {
		return list("numbers", directory(world, of.accountSid()).numbers().values().stream().map(ControlJson::shown));
	}

	Response putNumber(World world, Forms.Sender given, String path) {
		PhoneNumber number = given.phoneNumber();
		directory(world, given.accountSid()).put(number);
		return respond(201, ControlJson.shown(number));
	}

	Response accounts(World world, Nothing none, String path) {
		return list("accounts", world.accounts().stream().map(ControlJson.AccountInUse::of));
	}

	Response openAccount(World world, Forms.NewAccount given, String path) {
		return respond(201, ControlJson.AccountInUse.of(given.open(world)));
	}

	Response reset(World world, Forms.OfAccount of, String path) {
		if (of.accountSid() != null) {
			world.reset(of.accountSid());
		}
		else {
			world.reset();
		}
		return clock(world, new Nothing(), path);
	}

	Response events(World world, Nothing none, String path) {
		return Response.stream(this.events.events(world.now()));
	}

	private Account account(World world, @Nullable String given) {
		Account account = world.account((given != null) ? given : this.defaultAccount);
		if (account == null) {
			throw new MalformedRequestException("There is no account " + given + " yet");
		}
		return account;
	}

	private Directory directory(World world, @Nullable String accountSid) {
		return account(world, accountSid).directory();
	}

	private static Response faults(int status, World world) {
		return list(status, "faults", world.faults().numbered().stream().map(ControlJson.FaultInForce::of));
	}

	private static Response outcomes(int status, World world) {
		return list(status, "outcomes", world.outcomes().all().stream().map(ControlJson.Outcome::of));
	}

	private static Stream<StoredMessage> newestFirst(World world) {
		List<StoredMessage> messages = new ArrayList<>(world.messages());
		Collections.reverse(messages);
		return messages.stream();
	}

	/** One more than wanted is looked for, to know whether there are more. */
	private static Response page(String name, Stream<StoredMessage> found, Forms.Messages wanted) {
		List<StoredMessage> rows = found.filter(wanted::isBefore).limit(wanted.most() + 1L).toList();
		ObjectNode json = Json.object();
		json.set(name, ControlJson.write(rows.stream().limit(wanted.most()).map(ControlJson::message).toList()));
		json.put("more", rows.size() > wanted.most());
		return Json.response(200, json);
	}

	private static <T> Stream<T> latest(Stream<T> entries, int limit) {
		List<T> all = entries.toList();
		return all.subList(Math.max(0, all.size() - limit), all.size()).stream();
	}

	private static Response list(String name, Stream<?> all) {
		return list(200, name, all);
	}

	private static Response list(int status, String name, Stream<?> all) {
		return respond(status, Map.of(name, all.toList()));
	}

	private static Response respond(int status, Object value) {
		return Json.response(status, ControlJson.write(value));
	}

	static Response nothingHere(String what) {
		return error(404, "Nothing here: " + what);
	}

	static Response notAllowed(String allowed) {
		return error(405, "Only " + allowed).with("Allow", allowed);
	}

	static Response error(int status, String message) {
		return respond(status, Map.of("error", message));
	}

}

package io.github.twiliospring.messaging.simulator.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.simulator.api.Json;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.Callback;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything under {@code /simulator}. Safe on any thread.
 */
public final class ControlApi implements Function<Request, Response> {

	private static final String PREFIX = "/simulator";

	private final Timeline timeline;

	private final EventStream events;

	private final String defaultAccount;

	private final List<Route<?>> routes;

	/**
	 * The control of a simulator.
	 * @param timeline the way to its world
	 * @param events what's told to the page
	 * @param defaultAccount the account that's meant where a request names none
	 */
	public ControlApi(Timeline timeline, EventStream events, String defaultAccount) {
		this.timeline = timeline;
		this.events = events;
		this.defaultAccount = defaultAccount;
		this.routes = routes();
	}

	/** The one table of what there is; docs/simulator.md shows it. */
	private List<Route<?>> routes() {
		return List.of(
				new Route<>("GET", "/clock", Forms.Nothing.class, "the present, and whether the clock is manual",
						(world, none, path) -> clock()),
				new Route<>("POST", "/clock/advance", Forms.Advance.class, "moves the clock by one, or on to the other",
						(world, advance, path) -> advance(advance)),
				new Route<>("GET", "/messages", Forms.Messages.class,
						"messages of all accounts, the newest first, 200 unless `limit` says otherwise",
						(world, wanted, path) -> list("messages",
								newestFirst(world.messages()).filter(wanted.condition())
									.limit(wanted.most())
									.map(ControlJson::message))),
				new Route<>("GET", "/messages/{sid}", Forms.Nothing.class, "one, with its callbacks and requests", (
						world, none, sid) -> message(world, sid)),
				new Route<>("GET", "/requests", Forms.Calls.class,
						"calls of the API and their answers, without credentials",
						(world, wanted,
								path) -> list(
										"requests", latest(
												world.requests()
													.all()
													.stream()
													.filter((call) -> wanted.messageSid() == null
															|| wanted.messageSid().equals(call.messageSid())),
												wanted.most()))),
				new Route<>("GET", "/callbacks", Forms.Messages.class, "callbacks of such messages, with every attempt",
						(world, wanted, path) -> list("callbacks",
								latest(callbacks(world, wanted), wanted.most()).map(ControlJson.Callback::of))),
				new Route<>("POST", "/callbacks/{id}/replay", Forms.Nothing.class, "sends one again, as it was",
						(world, none, id) -> replay(world, id)),
				new Route<>("GET", "/faults", Forms.Nothing.class, "what goes wrong",
						(world, none, path) -> faults(200, world)),
				new Route<>("POST", "/faults", Forms.NewFault.class, "lets calls or callbacks go wrong, see below",
						(world, fault, path) -> {
							world.faults().add(fault.fault());
							return faults(201, world);
						}),
				new Route<>("DELETE", "/faults", Forms.Nothing.class, "lets everything go right again",
						(world, none, path) -> {
							world.faults().removeIf((fault) -> true);
							return faults(200, world);
						}),
				new Route<>("GET", "/outcomes", Forms.Nothing.class, "how messages end",
						(world, none, path) -> outcomes(200, world)),
				new Route<>("POST", "/outcomes", Forms.NewOutcome.class, "lets messages end in this way, see below",
						(world, outcome, path) -> {
							world.outcomes().addFirst(outcome.rule(world.sids().uuid().toString()));
							return outcomes(201, world);
						}),
				new Route<>("DELETE", "/outcomes", Forms.Nothing.class, "lets all messages be delivered again",
						(world, none, path) -> {
							world.outcomes().removeIf((rule) -> true);
							return outcomes(200, world);
						}),
				new Route<>("DELETE", "/outcomes/{id}", Forms.Nothing.class, "forgets one of these rules",
						(world, none, id) -> {
							world.outcomes().removeIf((rule) -> rule.id().equals(id));
							return outcomes(200, world);
						}),
				new Route<>("POST", "/inbound", Forms.Inbound.class, "a phone writes; `media_url` repeated or an array",
						(world, inbound, path) -> Json.response(201,
								ControlJson.message(inbound.receive(world, account(world, inbound.accountSid()))))),
				new Route<>("GET", "/services", Forms.OfAccount.class, "Messaging Services",
						(world, of, path) -> list("services",
								account(world, of.accountSid()).directory().services().values().stream())),
				new Route<>("POST", "/services", Forms.Service.class, "adds or replaces one",
						(world, given, path) -> put(world, given.accountSid(), given.service(),
								(account, service) -> account.directory().put(service))),
				new Route<>("GET", "/applications", Forms.OfAccount.class, "applications",
						(world, of, path) -> list("applications",
								account(world, of.accountSid()).directory().applications().values().stream())),
				new Route<>("POST", "/applications", Forms.App.class, "adds or replaces one",
						(world, given, path) -> put(world, given.accountSid(), given.application(),
								(account, application) -> account.directory().put(application))),
				new Route<>("GET", "/numbers", Forms.OfAccount.class, "numbers, their webhooks and rates",
						(world, of, path) -> list("numbers",
								account(world, of.accountSid()).directory().numbers().values().stream())),
				new Route<>("POST", "/numbers", Forms.Sender.class, "adds or replaces one",
						(world, given, path) -> put(world, given.accountSid(), given.phoneNumber(),
								(account, number) -> account.directory().put(number))),
				new Route<>("GET", "/accounts", Forms.Nothing.class, "accounts",
						(world, none, path) -> list("accounts",
								world.accounts().stream().map(ControlJson.AccountInUse::of))),
				new Route<>("POST", "/accounts", Forms.NewAccount.class,
						"opens or changes one; `owner_account_sid` makes it a subaccount",
						(world, account, path) -> respond(201, ControlJson.AccountInUse.of(account.open(world)))),
				new Route<>("POST", "/reset", Forms.OfAccount.class,
						"starts anew, all or one account; accounts and the clock stay",
						(world, of, path) -> reset(world, of.accountSid())),
				new Route<>("GET", "/events", Forms.Nothing.class,
						"server-sent events: `message`, `callback`, `request`, `clock`, `reset`",
						(world, none, path) -> Response.stream(this.events.events(world.now()))));
	}

	/**
	 * Whether a path belongs to the control.
	 * @param path the raw path
	 * @return {@code true} if so
	 */
	public static boolean serves(String path) {
		return path.equals(PREFIX) || path.startsWith(PREFIX + "/");
	}

	/** The rows of the table in docs/simulator.md. */
	List<String> documentation() {
		return this.routes.stream().map((route) -> route.documentation(PREFIX)).toList();
	}

	@Override
	public Response apply(Request request) {
		try {
			if (Origins.isForeign(request)) {
				return error(403, "Only pages of this simulator may control it");
			}
			if (request.isCutOff()) {
				return error(413, "The body of the request is too large");
			}
			String path = request.path().substring(PREFIX.length());
			for (Route<?> route : this.routes) {
				String variable = route.method().equals(request.method()) ? route.match(path) : null;
				if (variable != null) {
					Route.Action action = route.prepare(request, variable);
					return this.timeline.call(action::in);
				}
			}
			return nothingHere(request.method() + " " + request.path());
		}
		catch (MalformedRequestException | IllegalArgumentException ex) {
			return error(400, String.valueOf(ex.getMessage()));
		}
	}

	private Response clock() {
		return respond(200, new ControlJson.Clock(this.timeline.now(), this.timeline.isManual()));
	}

	private Response advance(Forms.Advance advance) {
		if (advance.to() != null) {
			this.timeline.advanceTo(advance.to());
		}
		else {
			this.timeline.advance(Parameters.required("duration", advance.duration()));
		}
		return clock();
	}

	private static Response message(World world, String sid) {
		StoredMessage message = world.message(sid);
		if (message == null) {
			return nothingHere(sid);
		}
		ObjectNode json = ControlJson.message(message);
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

	private static Stream<Callback> callbacks(World world, Forms.Messages wanted) {
		return world.callbackLog().all().stream().filter((callback) -> wanted.condition().test(callback.message()));
	}

	private static Response replay(World world, String id) {
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

	private static Response faults(int status, World world) {
		return respond(status,
				Map.of("faults", world.faults().all().stream().map(ControlJson.FaultInForce::of).toList()));
	}

	private static Response outcomes(int status, World world) {
		return respond(status,
				Map.of("outcomes", world.outcomes().all().stream().map(ControlJson.Outcome::of).toList()));
	}

	private Response reset(World world, @Nullable String accountSid) {
		if (accountSid != null) {
			world.reset(accountSid);
		}
		else {
			world.reset();
		}
		return clock();
	}

	private <T> Response put(World world, @Nullable String accountSid, T owned, BiConsumer<Account, T> change) {
		change.accept(account(world, accountSid), owned);
		return respond(201, owned);
	}

	private Account account(World world, @Nullable String given) {
		Account account = world.account((given != null) ? given : this.defaultAccount);
		if (account == null) {
			throw new MalformedRequestException("There is no account " + given + " yet");
		}
		return account;
	}

	private static Stream<StoredMessage> newestFirst(Collection<StoredMessage> messages) {
		List<StoredMessage> all = new ArrayList<>(messages);
		Collections.reverse(all);
		return all.stream();
	}

	private static <T> Stream<T> latest(Stream<T> entries, int limit) {
		List<T> all = entries.toList();
		return all.subList(Math.max(0, all.size() - limit), all.size()).stream();
	}

	private static Response list(String name, Stream<?> all) {
		return respond(200, Map.of(name, all.toList()));
	}

	private static Response respond(int status, Object value) {
		return Json.response(status, ControlJson.write(value));
	}

	private static Response nothingHere(String what) {
		return error(404, "Nothing here: " + what);
	}

	private static Response error(int status, String message) {
		return respond(status, Map.of("error", message));
	}

}

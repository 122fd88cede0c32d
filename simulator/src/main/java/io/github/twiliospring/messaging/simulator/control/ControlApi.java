package io.github.twiliospring.messaging.simulator.control;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.github.twiliospring.messaging.simulator.control.Forms.Nothing;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;

/**
 * Everything under {@code /simulator}. Safe on any thread.
 */
public final class ControlApi implements Function<Request, Response> {

	private static final String PREFIX = "/simulator";

	private final Timeline timeline;

	private final ControlCalls calls;

	private List<Route<?>> routes = List.of();

	/**
	 * The control of a simulator.
	 * @param timeline the way to its world
	 * @param events what's told to the page
	 * @param defaultAccount the account that's meant where a request names none
	 */
	public ControlApi(Timeline timeline, EventStream events, String defaultAccount) {
		this.timeline = timeline;
		this.calls = new ControlCalls(timeline, events, defaultAccount);
	}

	/** Made for the first request: most simulators that start never get one. */
	private synchronized List<Route<?>> routes() {
		if (this.routes.isEmpty()) {
			this.routes = table(this.calls);
		}
		return this.routes;
	}

	/** The one table of what there is; docs/simulator.md shows it. */
	private static List<Route<?>> table(ControlCalls calls) {
		return List.of(
				new Route<>("GET", "/clock", Nothing.class, "the present, and whether the clock is manual",
						calls::clock),
				new Route<>("POST", "/clock/advance", Forms.Advance.class, "moves the clock by one, or on to the other",
						calls::advance),
				new Route<>("GET", "/messages", Forms.Messages.class,
						"messages of all accounts, the newest first, 200 unless `limit` says otherwise",
						calls::messages),
				new Route<>("GET", "/phones", Forms.Messages.class,
						"each phone's latest message of these, the newest first", calls::phones),
				new Route<>("GET", "/messages/{sid}", Nothing.class,
						"one, with its callbacks, requests and shortened links", calls::message),
				new Route<>("GET", "/requests", CallFilter.class,
						"calls of the API and their answers, without credentials, the latest at the end; `result` is `answered`, `refused` or `fault`",
						calls::requests),
				new Route<>("GET", "/callbacks", Forms.Messages.class, "callbacks of such messages, with every attempt",
						calls::callbacks),
				new Route<>(
						"POST", "/callbacks/{id}/replay", Nothing.class, "sends one again, as it was", calls::replay),
				new Route<>("GET", "/faults", Nothing.class, "what goes wrong", calls::faults),
				new Route<>("POST", "/faults", Forms.NewFault.class, "lets calls or callbacks go wrong, see below",
						calls::addFault),
				new Route<>("DELETE", "/faults", Nothing.class, "lets everything go right again", calls::removeFaults),
				new Route<>("DELETE", "/faults/{id}", Nothing.class, "forgets one of these", calls::removeFaults),
				new Route<>("GET", "/outcomes", Nothing.class, "how messages end", calls::outcomes),
				new Route<>("POST", "/outcomes", Forms.NewOutcome.class, "lets messages end in this way, see below",
						calls::addOutcome),
				new Route<>("DELETE", "/outcomes", Nothing.class, "lets all messages be delivered again",
						calls::removeOutcomes),
				new Route<>("DELETE", "/outcomes/{id}", Nothing.class, "forgets one of these rules",
						calls::removeOutcomes),
				new Route<>("POST", "/inbound", InboundForm.class, "a phone writes; `media_url` repeated or an array",
						calls::receive),
				new Route<>("GET", "/services", Forms.OfAccount.class, "Messaging Services", calls::services),
				new Route<>("POST", "/services", Forms.Service.class, "adds or replaces one", calls::putService),
				new Route<>("GET", "/applications", Forms.OfAccount.class, "applications", calls::applications),
				new Route<>("POST", "/applications", Forms.App.class, "adds or replaces one", calls::putApplication),
				new Route<>("GET", "/templates", Forms.OfAccount.class, "content templates", calls::templates),
				new Route<>("POST", "/templates", Forms.Template.class,
						"adds or replaces one; `variables` is an object of what a variable is by default",
						calls::putTemplate),
				new Route<>("GET", "/links", Forms.OfAccount.class,
						"links that messages had shortened, how often they were followed, and where that's reported",
						calls::links),
				new Route<>("POST", "/links", Forms.Links.class, "sets where followed links are reported",
						calls::reportLinks),
				new Route<>("GET", "/numbers", Forms.OfAccount.class, "numbers, their webhooks and rates",
						calls::numbers),
				new Route<>("POST", "/numbers", Forms.Sender.class, "adds or replaces one", calls::putNumber),
				new Route<>("GET", "/accounts", Nothing.class, "accounts", calls::accounts),
				new Route<>("POST", "/accounts", Forms.NewAccount.class,
						"opens or changes one; `owner_account_sid` makes it a subaccount", calls::openAccount),
				new Route<>("POST", "/reset", Forms.OfAccount.class,
						"starts anew, all or one account; accounts and the clock stay", calls::reset),
				new Route<>("GET", "/events", Nothing.class,
						"server-sent events: `hello`, `message`, `removed`, `callback`, `request`, `rules`, `clock`, `reset`, `beat`",
						calls::events));
	}

	/**
	 * Whether a path belongs to the control.
	 * @param path the raw path
	 * @return {@code true} if so
	 */
	public static boolean serves(String path) {
		return path.equals(PREFIX) || path.startsWith(PREFIX + "/");
	}

	/**
	 * The answer to a request that may not come in.
	 * @param reason a sentence that says what to do
	 * @return the answer
	 */
	public static Response refuse(String reason) {
		return ControlCalls.error(403, reason);
	}

	/** The rows of the table in docs/simulator.md. */
	List<String> documentation() {
		return routes().stream().map((route) -> route.documentation(PREFIX)).toList();
	}

	@Override
	public Response apply(Request request) {
		try {
			if (request.isCutOff()) {
				return ControlCalls.error(413, "The body of the request is too large");
			}
			String path = request.path().substring(PREFIX.length());
			List<String> allowed = new ArrayList<>();
			for (Route<?> route : routes()) {
				String variable = route.match(path);
				if (variable != null && route.method().equals(request.method())) {
					return this.timeline.call(route.prepare(request, variable));
				}
				if (variable != null) {
					allowed.add(route.method());
				}
			}
			return allowed.isEmpty() ? ControlCalls.nothingHere(request.method() + " " + request.path())
					: ControlCalls.notAllowed(String.join(", ", allowed));
		}
		catch (MalformedRequestException | IllegalArgumentException ex) {
			return ControlCalls.error(400, String.valueOf(ex.getMessage()));
		}
	}

}

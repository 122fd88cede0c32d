package io.github.twiliospring.messaging.simulator.control;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.simulator.api.Json;
import io.github.twiliospring.messaging.simulator.callback.Callback;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.Network;
import io.github.twiliospring.messaging.simulator.engine.OutcomeRule;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.fault.CallbackFault;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.RequestLog;
import io.github.twiliospring.messaging.simulator.http.Response;
import io.github.twiliospring.messaging.simulator.inbound.InboundService;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything under {@code /simulator}. Safe on any thread.
 */
public final class ControlApi implements Function<Request, Response> {

	private static final String PREFIX = "/simulator";

	private final Simulation simulation;

	private final Network network;

	private final Timeline timeline;

	private final InboundService inbound;

	private final DirectoryControl directories;

	private final String defaultAccount;

	/**
	 * The control of a simulator.
	 * @param simulation its state
	 * @param inbound the way in for messages from phones
	 * @param defaultAccount the account that's meant where a request names none
	 */
	public ControlApi(Simulation simulation, InboundService inbound, String defaultAccount) {
		this.simulation = simulation;
		this.network = simulation.network();
		this.timeline = simulation.timeline();
		this.inbound = inbound;
		this.directories = new DirectoryControl(this.network);
		this.defaultAccount = defaultAccount;
	}

	/**
	 * Whether a path belongs to the control.
	 * @param path the raw path
	 * @return {@code true} if so
	 */
	public static boolean serves(String path) {
		return path.equals(PREFIX) || path.startsWith(PREFIX + "/");
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
			return route(request, ControlParameters.of(request));
		}
		catch (NotFoundException ex) {
			return error(404, "Nothing here: " + request.method() + " " + request.path());
		}
		catch (MalformedRequestException | IllegalArgumentException ex) {
			return error(400, String.valueOf(ex.getMessage()));
		}
	}

	private Response route(Request request, ControlParameters parameters) {
		String[] path = request.path().substring(PREFIX.length()).split("/", -1);
		String first = (path.length > 1) ? path[1] : "";
		String call = request.method() + " " + first + ((path.length > 2) ? "/" : "");
		KnownParameters.check(call, parameters);
		return switch (call) {
			case "GET clock" -> ok(clock());
			case "POST clock/" -> ok(advance(path[2], parameters));
			case "GET messages" -> ok(this.timeline.call(() -> messages(parameters)));
			case "GET messages/" -> ok(this.timeline.call(() -> message(path[2])));
			case "GET requests" -> ok(this.timeline.call(() -> requests(parameters)));
			case "GET callbacks" -> ok(this.timeline.call(() -> callbacks(parameters)));
			case "POST callbacks/" -> replay(path);
			case "POST inbound" -> Json.response(201, this.timeline.call(() -> receive(parameters)));
			case "GET faults", "POST faults", "DELETE faults" ->
				Json.response("POST".equals(request.method()) ? 201 : 200,
						this.timeline.call(() -> faults(request.method(), parameters)));
			case "GET outcomes", "POST outcomes", "DELETE outcomes", "DELETE outcomes/" ->
				Json.response("POST".equals(request.method()) ? 201 : 200, this.timeline
					.call(() -> outcomes(request.method(), (path.length > 2) ? path[2] : null, parameters)));
			case "POST reset" -> ok(reset(parameters));
			case "GET events" -> Response.stream(this.simulation.events().events(this.timeline.now()));
			default -> Json.response("POST".equals(request.method()) ? 201 : 200,
					this.timeline.call(() -> directory(call, parameters)));
		};
	}

	private ObjectNode directory(String call, ControlParameters parameters) {
		return switch (call) {
			case "GET accounts" -> this.directories.accounts();
			case "POST accounts" -> this.directories.putAccount(parameters);
			case "GET services" -> this.directories.services(account(parameters));
			case "POST services" -> this.directories.putService(account(parameters), parameters);
			case "GET applications" -> this.directories.applications(account(parameters));
			case "POST applications" -> this.directories.putApplication(account(parameters), parameters);
			case "GET numbers" -> this.directories.numbers(account(parameters));
			case "POST numbers" -> this.directories.putNumber(account(parameters), parameters);
			default -> throw new NotFoundException();
		};
	}

	private ObjectNode clock() {
		return Json.object().put("now", this.timeline.now().toString()).put("manual", this.timeline.isManual());
	}

	private ObjectNode advance(String what, ControlParameters parameters) {
		if (!"advance".equals(what)) {
			throw new NotFoundException();
		}
		if (parameters.text("to") != null) {
			this.simulation.advanceTo(parameters.instant("to"));
		}
		else {
			this.simulation.advance(parameters.duration("duration"));
		}
		return clock();
	}

	private ObjectNode messages(ControlParameters parameters) {
		ObjectNode json = Json.object();
		ArrayNode all = json.putArray("messages");
		MessageQueries.find(this.network.messages(), parameters)
			.forEach((message) -> all.add(ControlJson.message(message)));
		return json;
	}

	private ObjectNode message(String sid) {
		StoredMessage message = this.network.message(sid);
		if (message == null) {
			throw new NotFoundException();
		}
		ObjectNode json = ControlJson.message(message);
		ArrayNode callbacks = json.putArray("callbacks");
		this.simulation.callbackLog()
			.all()
			.stream()
			.filter((callback) -> callback.message() == message)
			.forEach((callback) -> callbacks.add(ControlJson.callback(callback)));
		ArrayNode requests = json.putArray("requests");
		this.simulation.requestLog()
			.all()
			.stream()
			.filter((entry) -> sid.equals(entry.messageSid()))
			.forEach((entry) -> requests.add(ControlJson.request(entry)));
		return json;
	}

	private ObjectNode requests(ControlParameters parameters) {
		String sid = parameters.text("message_sid");
		List<RequestLog.Entry> entries = this.simulation.requestLog().all();
		ObjectNode json = Json.object();
		ArrayNode all = json.putArray("requests");
		latest(entries.stream().filter((entry) -> sid == null || sid.equals(entry.messageSid())), parameters)
			.forEach((entry) -> all.add(ControlJson.request(entry)));
		return json;
	}

	private ObjectNode callbacks(ControlParameters parameters) {
		Predicate<StoredMessage> condition = MessageQueries.condition(parameters);
		ObjectNode json = Json.object();
		ArrayNode all = json.putArray("callbacks");
		latest(this.simulation.callbackLog().all().stream().filter((callback) -> condition.test(callback.message())),
				parameters)
			.forEach((callback) -> all.add(ControlJson.callback(callback)));
		return json;
	}

	private Response replay(String[] path) {
		if (path.length != 4 || !"replay".equals(path[3])) {
			throw new NotFoundException();
		}
		return this.timeline.call(() -> {
			Callback callback = this.simulation.callbackLog().find(path[2]);
			if (callback == null) {
				throw new NotFoundException();
			}
			try {
				this.simulation.dispatcher().replay(callback);
			}
			catch (IllegalStateException ex) {
				return error(409, String.valueOf(ex.getMessage()));
			}
			return Json.response(202, ControlJson.callback(callback));
		});
	}

	private ObjectNode receive(ControlParameters parameters) {
		return ControlJson
			.message(this.inbound.receive(account(parameters), parameters.required("from"), parameters.required("to"),
					parameters.all("body").stream().findFirst().orElse(""), parameters.all("media_url")));
	}

	private ObjectNode faults(String method, ControlParameters parameters) {
		switch (method) {
			case "POST" -> FaultParameters.add(this.simulation.faults(), parameters);
			case "DELETE" -> this.simulation.faults().clear();
			default -> {
			}
		}
		ObjectNode json = Json.object();
		ArrayNode all = json.putArray("faults");
		for (Fault fault : this.simulation.faults().ofCalls()) {
			all.add(ControlJson.fault(fault));
		}
		for (CallbackFault fault : this.simulation.faults().ofCallbacks()) {
			all.add(ControlJson.fault(fault));
		}
		return json;
	}

	private ObjectNode outcomes(String method, @Nullable String id, ControlParameters parameters) {
		if ("POST".equals(method)) {
			this.network.outcomes().add(OutcomeParameters.rule(this.network.sids().uuid(), parameters));
		}
		else if ("DELETE".equals(method)) {
			for (OutcomeRule rule : this.network.outcomes().rules()) {
				if (id == null || id.equals(rule.id())) {
					this.network.outcomes().remove(rule.id());
				}
			}
		}
		ObjectNode json = Json.object();
		ArrayNode all = json.putArray("outcomes");
		this.network.outcomes().rules().forEach((rule) -> all.add(ControlJson.outcome(rule)));
		return json;
	}

	private ObjectNode reset(ControlParameters parameters) {
		String account = parameters.text("account_sid");
		if (account != null) {
			this.simulation.reset(account);
		}
		else {
			this.simulation.reset();
		}
		return clock();
	}

	private Account account(ControlParameters parameters) {
		String given = parameters.text("account_sid");
		Account account = this.network.account((given != null) ? given : this.defaultAccount);
		if (account == null) {
			throw new MalformedRequestException("There is no account " + given + " yet");
		}
		return account;
	}

	private static <T> List<T> latest(Stream<T> entries, ControlParameters parameters) {
		List<T> all = entries.toList();
		return all.subList(Math.max(0, all.size() - MessageQueries.limit(parameters)), all.size());
	}

	private static Response ok(ObjectNode json) {
		return Json.response(200, json);
	}

	private static Response error(int status, String message) {
		return Json.response(status, Json.object().put("error", message));
	}

	private static final class NotFoundException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NotFoundException() {
			super(null, null, false, false);
		}

	}

}

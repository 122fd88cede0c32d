package io.github.twiliospring.messaging.simulator.api;

import java.util.List;
import java.util.function.Function;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.MessageLife;
import io.github.twiliospring.messaging.simulator.engine.Network;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;

/**
 * The Message API: everything under {@code /2010-04-01}. Safe on any thread.
 */
public final class MessageApi implements Function<Request, Response> {

	private static final String SUFFIX = ".json";

	private final Network network;

	private final MessageLife life;

	private final Authentication authentication;

	private final CreateRules createRules;

	private final MessageList list = new MessageList();

	private final MediaResource media;

	/**
	 * The API to a network.
	 * @param network accounts and messages
	 * @param life what happens to them
	 * @param defaultToken the token of accounts that an API key opens
	 */
	public MessageApi(Network network, MessageLife life, String defaultToken) {
		this.network = network;
		this.life = life;
		this.authentication = new Authentication(network, defaultToken);
		this.createRules = new CreateRules(network);
		this.media = new MediaResource(life);
	}

	/**
	 * Whether a path belongs to this API.
	 * @param path the raw path
	 * @return {@code true} if so
	 */
	public static boolean serves(String path) {
		return path.startsWith("/" + Paths.VERSION + "/") || path.equals("/" + Paths.VERSION);
	}

	@Override
	public Response apply(Request request) {
		return this.network.timeline().call(() -> {
			Response response;
			try {
				response = route(request);
			}
			catch (ApiException ex) {
				response = Json.error(ex);
			}
			catch (MalformedRequestException ex) {
				response = Json.error(ApiException.badRequest(20001, ex.getMessage()));
			}
			return response.with("Twilio-Request-Id", this.network.sids().next("RQ"))
				.with("Twilio-Concurrent-Requests", "1")
				.with("Twilio-Request-Duration", "0.001");
		});
	}

	private Response route(Request request) {
		if (request.isCutOff()) {
			throw new ApiException(20001, 413, "The body of the request is too large");
		}
		List<String> path = request.segments();
		String last = path.get(path.size() - 1);
		if (path.size() < 3 || !"Accounts".equals(path.get(1))) {
			throw ApiException.notFound(request.path());
		}
		String accountSid = (path.size() == 3) ? withoutSuffix(last) : path.get(2);
		Account account = this.authentication.authenticate(request, accountSid);
		if (path.size() == 3) {
			if (!"GET".equals(request.method())) {
				throw ApiException.notAllowed("GET");
			}
			return Json.response(200, AccountJson.write(account));
		}
		if (!"Messages".equals(withoutSuffix(path.get(3)))) {
			throw ApiException.notFound(request.path());
		}
		if (path.size() == 4) {
			return switch (request.method()) {
				case "GET" -> Json.response(200, this.list.read(account, request));
				case "POST" -> create(account, request);
				default -> throw ApiException.notAllowed("GET, POST");
			};
		}
		return (path.size() == 5) ? message(account, withoutSuffix(last), request)
				: subresource(account, path, request);
	}

	private Response subresource(Account account, List<String> path, Request request) {
		String messageSid = path.get(4);
		String name = withoutSuffix(path.get(5));
		if (path.size() == 6 && "Media".equals(name)) {
			return this.media.list(account, messageSid, request);
		}
		if (path.size() == 7 && "Media".equals(name)) {
			return this.media.one(account, messageSid, path.get(6), request);
		}
		StoredMessage message = account.messages().get(messageSid);
		if (path.size() == 6 && "Feedback".equals(name) && message != null) {
			return FeedbackResource.create(this.life, message, request);
		}
		throw ApiException.notFound(request.path());
	}

	private Response create(Account account, Request request) {
		StoredMessage message = this.life.create(account, this.createRules.check(account, request.form()),
				MessageDirection.OUTBOUND_API);
		return Json.response(201, MessageJson.write(message));
	}

	private Response message(Account account, String sid, Request request) {
		StoredMessage message = account.messages().get(sid);
		if (message == null) {
			throw ApiException.notFound(request.path());
		}
		switch (request.method()) {
			case "GET" -> {
			}
			case "POST" -> UpdateRules.apply(this.life, message, request.form());
			case "DELETE" -> {
				this.life.delete(message);
				return Response.empty(204);
			}
			default -> throw ApiException.notAllowed("GET, POST, DELETE");
		}
		return Json.response(200, MessageJson.write(message));
	}

	static String withoutSuffix(String name) {
		return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
	}

}

package io.github.twiliospring.messaging.simulator.api;

import java.util.List;
import java.util.function.Function;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.MessageLife;
import io.github.twiliospring.messaging.simulator.engine.Network;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
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
	}

	/**
	 * Whether a path belongs to this API.
	 * @param path the raw path
	 * @return {@code true} if so
	 */
	public static boolean serves(String path) {
		return path.startsWith("/" + Paths.VERSION + "/");
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
			catch (IllegalArgumentException ex) {
				// A malformed escape sequence in the form or the query.
				response = Json.error(ApiException.badRequest(20001, "The parameters can't be decoded."));
			}
			return response.with("Twilio-Request-Id", this.network.sids().next("RQ"))
				.with("Twilio-Concurrent-Requests", "1")
				.with("Twilio-Request-Duration", "0.001");
		});
	}

	private Response route(Request request) {
		List<String> path = request.segments();
		String last = path.get(path.size() - 1);
		if (path.size() < 3 || !"Accounts".equals(path.get(1))) {
			throw ApiException.notFound(request.path());
		}
		String accountSid = (path.size() == 3) ? withoutSuffix(last) : path.get(2);
		Account account = this.authentication.authenticate(request, accountSid);
		if (path.size() == 4 && "Messages".equals(withoutSuffix(last))) {
			return switch (request.method()) {
				case "POST" -> create(account, request);
				default -> throw notAllowed();
			};
		}
		if (path.size() == 5 && "Messages".equals(path.get(3))) {
			return message(account, withoutSuffix(last), request);
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
			default -> throw notAllowed();
		}
		return Json.response(200, MessageJson.write(message));
	}

	private static String withoutSuffix(String name) {
		return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
	}

	private static ApiException notAllowed() {
		return new ApiException(20004, 405, "Method not allowed");
	}

}

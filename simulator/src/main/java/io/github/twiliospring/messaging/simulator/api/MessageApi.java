package io.github.twiliospring.messaging.simulator.api;

import java.util.List;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Message API: what each resource does.
 */
final class MessageApi {

	private static final String SUFFIX = ".json";

	private final Authentication authentication;

	MessageApi(String defaultToken) {
		this.authentication = new Authentication(defaultToken);
	}

	Response answer(World world, Request request) {
		Response response;
		try {
			response = route(world, request);
		}
		catch (ApiException ex) {
			response = Json.error(ex);
		}
		catch (MalformedRequestException ex) {
			response = Json.error(ApiException.badRequest(20001, ex.getMessage()));
		}
		return response.with("Twilio-Request-Id", world.sids().next("RQ"))
			.with("Twilio-Concurrent-Requests", "1")
			.with("Twilio-Request-Duration", "0.001");
	}

	private Response route(World world, Request request) {
		if (request.isCutOff()) {
			throw new ApiException(20413, 413, "The body of the request is too large");
		}
		List<String> path = request.segments();
		String last = path.get(path.size() - 1);
		if (path.size() < 3 || !"Accounts".equals(path.get(1))) {
			throw ApiException.notFound(request.path());
		}
		String accountSid = (path.size() == 3) ? withoutSuffix(last) : path.get(2);
		Account account = this.authentication.authenticate(world, request, accountSid);
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
				case "GET" -> Json.response(200, MessageList.read(world, account, request));
				case "POST" -> create(world, account, request);
				default -> throw ApiException.notAllowed("GET, POST");
			};
		}
		return (path.size() == 5) ? message(world, account, withoutSuffix(last), request)
				: subresource(world, account, path, request);
	}

	private static Response subresource(World world, Account account, List<String> path, Request request) {
		String messageSid = path.get(4);
		String name = withoutSuffix(path.get(5));
		if (path.size() == 6 && "Media".equals(name)) {
			return MediaResource.list(account, messageSid, request);
		}
		if (path.size() == 7 && "Media".equals(name)) {
			return MediaResource.one(world, account, messageSid, path.get(6), request);
		}
		StoredMessage message = account.messages().get(messageSid);
		if (path.size() == 6 && "Feedback".equals(name) && message != null) {
			return FeedbackResource.create(world.life(), message, request);
		}
		throw ApiException.notFound(request.path());
	}

	private static Response create(World world, Account account, Request request) {
		StoredMessage message = world.life()
			.create(account, CreateRules.check(world, account, request.form()), MessageDirection.OUTBOUND_API);
		ObjectNode json = MessageJson.write(message);
		// The answer to a create tells the media alone.
		json.withObject("subresource_uris").remove("feedback");
		return Json.response(201, json);
	}

	private static Response message(World world, Account account, String sid, Request request) {
		StoredMessage message = account.messages().get(sid);
		if (message == null) {
			throw ApiException.notFound(request.path());
		}
		switch (request.method()) {
			case "GET" -> {
			}
			case "POST" -> UpdateRules.apply(world.life(), message, request.form());
			case "DELETE" -> {
				world.life().delete(message);
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

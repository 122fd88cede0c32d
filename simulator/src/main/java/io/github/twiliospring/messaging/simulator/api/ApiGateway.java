package io.github.twiliospring.messaging.simulator.api;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.engine.ApiCall;
import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.engine.Urls;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;
import io.github.twiliospring.messaging.simulator.http.Response.Disruption;
import org.jspecify.annotations.Nullable;

/**
 * The way to the Message API, everything under {@code /2010-04-01}: what goes wrong on
 * demand goes wrong here, and every call is kept. Safe on any thread.
 */
public final class ApiGateway implements Function<Request, Response> {

	private static final Pattern MESSAGE_SID = Pattern.compile("\\b(?:SM|MM)[0-9a-fA-F]{32}\\b");

	// A create takes less; pages of a list would fill the memory.
	private static final int KEPT_BODY = 16 * 1024;

	private final Timeline timeline;

	private final MessageApi api;

	/**
	 * A way to the API.
	 * @param timeline the way to the world
	 * @param defaultToken the token of accounts that an API key opens
	 */
	public ApiGateway(Timeline timeline, String defaultToken) {
		this.timeline = timeline;
		this.api = new MessageApi(defaultToken);
	}

	/**
	 * Whether a path belongs to the API.
	 * @param path the raw path
	 * @return {@code true} if so
	 */
	public static boolean serves(String path) {
		return path.startsWith("/" + Paths.VERSION + "/") || path.equals("/" + Paths.VERSION);
	}

	/**
	 * Answers a request that may not come in, in the provider's form.
	 * @param request the request
	 * @param reason a sentence that says what to do
	 * @return the answer
	 */
	public Response refuse(Request request, String reason) {
		Response answer = Json.error(new ApiException(20403, 403, reason));
		return this.timeline.call((world) -> keep(world, request, null, answer));
	}

	@Override
	public Response apply(Request request) {
		return this.timeline.call((world) -> {
			Fault fault = world.faults().take((candidate) -> isMeant(candidate, request));
			Response answer = (fault != null) ? disturbed(world, request, fault) : this.api.answer(world, request);
			return keep(world, request, fault, answer.with("Date", ProviderDates.http(world.now())));
		});
	}

	private static Response keep(World world, Request request, @Nullable Fault fault, Response response) {
		world.called((number) -> new ApiCall(number, world.now(), messageOf(request, response),
				(fault != null) ? fault.kind() : null, request.method(), request.path(),
				Urls.withoutPasswords(request.rawQuery()), withoutCredentials(request.headers()),
				shortened(request.body()),
				new ApiCall.Answer(response.status(), response.headers(), shortened(response.text()))));
		return response;
	}

	private static boolean isMeant(Fault fault, Request request) {
		String method = fault.scope().method();
		String accountSid = fault.scope().accountSid();
		return fault.target() == Fault.Target.API && (method == null || method.equals(request.method()))
				&& (accountSid == null || request.path().contains(accountSid));
	}

	private Response disturbed(World world, Request request, Fault fault) {
		Duration delay = fault.delay();
		return switch (fault.kind()) {
			case STATUS -> late(refusal(fault), delay);
			case RESET_BEFORE -> Response.empty(0).disrupted(new Disruption(Disruption.Kind.RESET, delay));
			case RESET_AFTER -> this.api.answer(world, request).disrupted(new Disruption(Disruption.Kind.RESET, delay));
			case TRUNCATE ->
				this.api.answer(world, request).disrupted(new Disruption(Disruption.Kind.TRUNCATED, delay));
			case HANG -> this.api.answer(world, request).disrupted(new Disruption(Disruption.Kind.HANG, delay));
			default -> late(this.api.answer(world, request), delay);
		};
	}

	private static Response late(Response response, Duration delay) {
		return delay.isZero() ? response : response.disrupted(new Disruption(Disruption.Kind.LATE, delay));
	}

	private static Response refusal(Fault fault) {
		int status = fault.status();
		Response response = switch (status) {
			case 401 -> Json.error(ApiException.unauthorized());
			case 429 -> Json.error(new ApiException(20429, status, "Too Many Requests"));
			case 500 -> Json.error(new ApiException(20500, status, "Internal Server Error"));
			case 503 -> Json.error(new ApiException(20503, status, "Service unavailable"));
			// What stands between client and provider answers without JSON.
			default -> Response.of(status, "text/html",
					("<html><body><h1>" + status + "</h1></body></html>").getBytes(StandardCharsets.UTF_8));
		};
		String retryAfter = fault.retryAfter();
		return (retryAfter != null) ? response.with("Retry-After", retryAfter) : response;
	}

	private static @Nullable String messageOf(Request request, Response response) {
		Matcher inPath = MESSAGE_SID.matcher(request.path());
		if (inPath.find()) {
			return inPath.group();
		}
		if (response.status() != 201) {
			return null;
		}
		// Every resource begins with its identifier.
		String head = new String(response.body(), 0, Math.min(response.body().length, 64), StandardCharsets.UTF_8);
		Matcher inBody = MESSAGE_SID.matcher(head);
		return inBody.find() ? inBody.group() : null;
	}

	private static Map<String, String> withoutCredentials(Map<String, String> headers) {
		Map<String, String> kept = new LinkedHashMap<>(headers);
		kept.computeIfPresent("authorization", (name, value) -> value.replaceAll(" .*", " …"));
		return kept;
	}

	private static String shortened(String body) {
		String shown = Urls.withoutPasswords(body);
		return (shown.length() > KEPT_BODY) ? shown.substring(0, KEPT_BODY) + "…" : shown;
	}

}

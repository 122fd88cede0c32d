package io.github.twiliospring.messaging.simulator.api;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.fault.Faults;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.RequestLog;
import io.github.twiliospring.messaging.simulator.http.Response;
import io.github.twiliospring.messaging.simulator.http.Response.Disruption;
import org.jspecify.annotations.Nullable;

/**
 * The way to the API: what goes wrong on demand goes wrong here, and every call is kept.
 * Safe on any thread.
 */
public final class ApiGateway implements Function<Request, Response> {

	private static final Pattern MESSAGE_SID = Pattern.compile("\\b(?:SM|MM)[0-9a-fA-F]{32}\\b");

	private final Timeline timeline;

	private final Function<Request, Response> api;

	private final Faults faults;

	private final RequestLog log;

	private Consumer<RequestLog.Entry> listener = (entry) -> {
	};

	/**
	 * A way to the API.
	 * @param timeline the clock and lock
	 * @param api the API
	 * @param faults what goes wrong on demand
	 * @param log where calls are kept
	 */
	public ApiGateway(Timeline timeline, Function<Request, Response> api, Faults faults, RequestLog log) {
		this.timeline = timeline;
		this.api = api;
		this.faults = faults;
		this.log = log;
	}

	/**
	 * Has someone told of every call, under the lock.
	 * @param next short, never blocking
	 */
	public void listen(Consumer<RequestLog.Entry> next) {
		this.listener = this.listener.andThen(next);
	}

	@Override
	public Response apply(Request request) {
		return this.timeline.call(() -> {
			Fault fault = this.faults.strike(request.method(), request.path());
			Response answer = (fault != null) ? disturbed(request, fault) : this.api.apply(request);
			Response response = answer.with("Date", ProviderDates.http(this.timeline.now()));
			RequestLog.Entry entry = this.log.add(this.timeline.now(), request, response, messageOf(request, response),
					(fault != null) ? fault.kind().name() : null);
			this.listener.accept(entry);
			return response;
		});
	}

	private Response disturbed(Request request, Fault fault) {
		Duration delay = fault.delay();
		return switch (fault.kind()) {
			case STATUS -> late(refusal(fault), delay);
			case DELAY -> late(this.api.apply(request), delay);
			case RESET_BEFORE -> Response.empty(0).disrupted(new Disruption(Disruption.Kind.RESET, delay));
			case RESET_AFTER -> this.api.apply(request).disrupted(new Disruption(Disruption.Kind.RESET, delay));
			case TRUNCATE -> this.api.apply(request).disrupted(new Disruption(Disruption.Kind.TRUNCATED, delay));
			case HANG -> this.api.apply(request).disrupted(new Disruption(Disruption.Kind.HANG, delay));
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

}

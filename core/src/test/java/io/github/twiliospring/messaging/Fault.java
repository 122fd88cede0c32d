package io.github.twiliospring.messaging;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.RawServer.Behaviour;

/**
 * What can happen to a request that reached a server.
 */
enum Fault {

	NONE(always(201, "")), REJECTED_400(always(400, "{\"code\":21211}")), REJECTED_401(always(401, "{\"code\":20003}")),
	REJECTED_403(always(403, "<html>no</html>")), REJECTED_404(always(404, "{\"code\":20404}")),
	TOO_MANY_REQUESTS(always(429, "{\"code\":20429}")),
	TOO_MANY_REQUESTS_RETRY_AFTER(always(429, "{\"code\":20429}", "Retry-After: 7")),
	TOO_MANY_REQUESTS_DATE(always(429, "", "Retry-After: Fri, 01 Mar 2030 12:00:09 GMT")),
	TOO_MANY_REQUESTS_TOO_LONG(always(429, "", "Retry-After: 61")), REQUEST_TIMEOUT_408(always(408, "")),
	SERVER_ERROR_500(always(500, "{\"code\":20500}")), BAD_GATEWAY_502(always(502, "<html>bad</html>")),
	UNAVAILABLE_503(always(503, "{\"code\":20503}")), GATEWAY_TIMEOUT_504(always(504, "")),
	MOVED_301(always(301, "", "Location: /2010-04-01/Accounts/AC/Messages.json")),
	FOUND_302(always(302, "", "Location: /2010-04-01/Accounts/AC/Messages.json")),
	REDIRECT_307(always(307, "", "Location: /2010-04-01/Accounts/AC/Messages.json")),
	PROCESSING_102(interim("HTTP/1.1 102 Processing\r\n\r\n", true, 201)),
	EARLY_HINTS_103(interim("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", true, 201)),
	SEVERAL_INTERIM(interim("HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n", true, 201)),
	INTERIM_IN_ONE_PACKET(interim("HTTP/1.1 103 Early Hints\r\n\r\n", false, 201)),
	INTERIM_THEN_429(interim("HTTP/1.1 103 Early Hints\r\n\r\n", true, 429)), INTERIM_THEN_NOTHING((exchange) -> {
		exchange.read();
		exchange.write("HTTP/1.1 103 Early Hints\r\n\r\n");
		return exchange.hang();
	}), DUPLICATED_ANSWER((exchange) -> {
		String answer = answer(exchange.read(), 201);
		exchange.write(answer + answer);
		return true;
	}), REFUSAL_BEHIND_THE_ANSWER((exchange) -> {
		exchange.write(answer(exchange.read(), 201) + "HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n");
		return true;
	}), TIMEOUT_BEHIND_THE_ANSWER((exchange) -> {
		exchange.write(answer(exchange.read(), 201) + "HTTP/1.1 408 Timeout\r\nContent-Length: 0\r\n\r\n");
		return true;
	}), FIN_BEFORE_READING((exchange) -> exchange.finish()), RST_BEFORE_READING((exchange) -> exchange.reset()),
	FIN_AFTER_READING((exchange) -> {
		exchange.read();
		return exchange.finish();
	}), RST_AFTER_READING((exchange) -> {
		exchange.read();
		return exchange.reset();
	}), FIN_IN_THE_ANSWER((exchange) -> {
		exchange.read();
		exchange.write("HTTP/1.1 201 Created\r\nContent-Len");
		return exchange.finish();
	}), RST_IN_THE_ANSWER((exchange) -> {
		exchange.read();
		exchange.write("HTTP/1.1 201 Created\r\nContent-Len");
		return exchange.reset();
	}), READ_TIMEOUT((exchange) -> {
		exchange.read();
		return exchange.hang();
	}), TRUNCATED_201((exchange) -> {
		exchange.read();
		exchange.write("HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"sid\":\"SM");
		return exchange.finish();
	}), GARBAGE_201(always(201, "<html>created?</html>")), EMPTY_201(always(201, null)), OVERSIZED_201((exchange) -> {
		exchange.read();
		exchange.write("HTTP/1.1 201 Created\r\nContent-Length: 9000000\r\n\r\n" + " ".repeat(9_000_000));
		return true;
	}), NO_HTTP((exchange) -> {
		exchange.read();
		exchange.write("220 mail.example.com ESMTP\r\n\r\n");
		return exchange.finish();
	});

	private final Behaviour behaviour;

	Fault(Behaviour behaviour) {
		this.behaviour = behaviour;
	}

	Behaviour behaviour() {
		return this.behaviour;
	}

	/**
	 * Whether only a timeout ends the wait for an answer.
	 */
	boolean isSilent() {
		return this == READ_TIMEOUT || this == INTERIM_THEN_NOTHING;
	}

	/**
	 * This fault for the first requests, then success.
	 */
	Behaviour first(int times) {
		AtomicInteger served = new AtomicInteger();
		return (exchange) -> (served.getAndIncrement() < times) ? this.behaviour.serve(exchange)
				: NONE.behaviour.serve(exchange);
	}

	private static Behaviour interim(String interim, boolean late, int status) {
		return (exchange) -> {
			String request = exchange.read();
			if (late) {
				exchange.write(interim);
				exchange.pause(Duration.ofMillis(20));
				exchange.write(answer(request, status));
			}
			else {
				exchange.write(interim + answer(request, status));
			}
			return true;
		};
	}

	private static String answer(String request, int status) {
		String body = (status == 201) ? Texts.MESSAGE : "{\"code\":20429}";
		return "HTTP/1.1 " + ((status == 201) ? success(request) : status) + " Status\r\nContent-Length: "
				+ body.length() + "\r\n\r\n" + body;
	}

	private static int success(String request) {
		return (request.startsWith("POST") && request.contains("/Messages.json")) ? 201 : 200;
	}

	private static Behaviour always(int status, String body, String... headers) {
		return (exchange) -> {
			String request = exchange.read();
			if (body == null) {
				return exchange.answer(status, "", headers);
			}
			return exchange.answer((status == 201) ? success(request) : status, body.isEmpty() ? Texts.MESSAGE : body,
					headers);
		};
	}

	private static final class Texts {

		static final String MESSAGE = "{\"sid\":\"SM0123456789abcdef0123456789abcdef\",\"status\":\"queued\",\"body\":\"\"}";

	}

}

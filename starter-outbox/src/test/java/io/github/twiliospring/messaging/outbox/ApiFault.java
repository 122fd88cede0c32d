package io.github.twiliospring.messaging.outbox;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * What can happen to a create that reached the API: the rows of the table in
 * {@code docs/reliability.md}, and what they mean for an entry.
 */
enum ApiFault {

	NONE(Meaning.ACCEPTED, (call) -> call.pass()),

	BAD_REQUEST_400(Meaning.REJECTED, (call) -> call.answer(400, "{\"code\":21211}")),
	FORBIDDEN_403(Meaning.REJECTED, (call) -> call.answer(403, "<html>no</html>")),
	NOT_FOUND_404(Meaning.REJECTED, (call) -> call.answer(404, "{\"code\":20404}")),
	UNPROCESSABLE_422(Meaning.REJECTED, (call) -> call.answer(422, "")),

	UNAUTHORIZED_401(Meaning.AGAIN, (call) -> call.answer(401, "{\"code\":20003}")),
	TOO_MANY_REQUESTS(Meaning.AGAIN, (call) -> call.answer(429, "{\"code\":20429}")),
	TOO_MANY_REQUESTS_RETRY_AFTER(Meaning.AGAIN_AFTER_A_SECOND, (call) -> call.answer(429, "", "Retry-After: 1")),
	TOO_MANY_REQUESTS_DATE(Meaning.AGAIN_AFTER_A_SECOND,
			(call) -> call.answer(429, "",
					"Retry-After: " + DateTimeFormatter.RFC_1123_DATE_TIME
						.format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(3)))),
	TOO_MANY_REQUESTS_TOO_LONG(Meaning.AGAIN_LATER, (call) -> call.answer(429, "", "Retry-After: 61")),
	INTERIM_THEN_429(Meaning.AGAIN, (call) -> {
		call.write("HTTP/1.1 103 Early Hints\r\n\r\n");
		return call.answer(429, "");
	}),

	PROCESSING_102(Meaning.ACCEPTED, (call) -> {
		call.write("HTTP/1.1 102 Processing\r\n\r\n");
		return call.pass();
	}), EARLY_HINTS_103(Meaning.ACCEPTED, (call) -> {
		call.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
		return call.pass();
	}), SEVERAL_INTERIM(Meaning.ACCEPTED, (call) -> {
		call.write("HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n");
		return call.pass();
	}), INTERIM_IN_ONE_PACKET(Meaning.ACCEPTED, (call) -> {
		call.write("HTTP/1.1 103 Early Hints\r\n\r\n" + call.answerOf(call.process()));
		return true;
	}), DUPLICATED_ANSWER(Meaning.ACCEPTED, (call) -> {
		String answer = call.answerOf(call.process());
		call.write(answer + answer);
		return true;
	}), REFUSAL_BEHIND_THE_ANSWER(Meaning.ACCEPTED, (call) -> {
		call.write(call.answerOf(call.process()) + "HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n");
		return true;
	}), TIMEOUT_BEHIND_THE_ANSWER(Meaning.ACCEPTED, (call) -> {
		call.write(call.answerOf(call.process()) + "HTTP/1.1 408 Timeout\r\nContent-Length: 0\r\n\r\n");
		return true;
	}),

	REQUEST_TIMEOUT_408(Meaning.UNKNOWN, (call) -> call.answer(408, "")),
	SERVER_ERROR_500(Meaning.UNKNOWN, (call) -> call.answer(500, "{\"code\":20500}")),
	BAD_GATEWAY_502(Meaning.UNKNOWN, (call) -> call.answer(502, "<html>bad</html>")),
	UNAVAILABLE_503(Meaning.UNKNOWN, (call) -> call.answer(503, "{\"code\":20503}")),
	GATEWAY_TIMEOUT_504(Meaning.UNKNOWN, (call) -> call.answer(504, "")),
	MOVED_301(Meaning.UNKNOWN, (call) -> call.answer(301, "", location())),
	FOUND_302(Meaning.UNKNOWN, (call) -> call.answer(302, "", location())),
	REDIRECT_307(Meaning.UNKNOWN, (call) -> call.answer(307, "", location())),
	INTERIM_THEN_NOTHING(Meaning.UNKNOWN, (call) -> {
		call.write("HTTP/1.1 103 Early Hints\r\n\r\n");
		return call.hang();
	}), FIN_AFTER_READING(Meaning.UNKNOWN, (call) -> call.finish()),
	RST_AFTER_READING(Meaning.UNKNOWN, (call) -> call.reset()), FIN_IN_THE_ANSWER(Meaning.UNKNOWN, (call) -> {
		call.write("HTTP/1.1 201 Created\r\nContent-Len");
		return call.finish();
	}), RST_IN_THE_ANSWER(Meaning.UNKNOWN, (call) -> {
		call.write("HTTP/1.1 201 Created\r\nContent-Len");
		return call.reset();
	}), NO_ANSWER_IN_TIME(Meaning.UNKNOWN, (call) -> call.hang()), TRUNCATED_201(Meaning.UNKNOWN, (call) -> {
		call.write("HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"sid\":\"SM");
		return call.finish();
	}), GARBAGE_201(Meaning.UNKNOWN, (call) -> call.answer(201, "<html>created?</html>")),
	EMPTY_201(Meaning.UNKNOWN, (call) -> call.answer(201, "")), OVERSIZED_201(Meaning.UNKNOWN, (call) -> {
		call.write("HTTP/1.1 201 Created\r\nContent-Length: 9000000\r\n\r\n" + " ".repeat(9_000_000));
		return true;
	}), NO_HTTP(Meaning.UNKNOWN, (call) -> {
		call.write("220 mail.example.com ESMTP\r\n\r\n");
		return call.finish();
	}), ANOTHERS_ANSWER(Meaning.UNKNOWN, (call) -> call.answer(201, """
			{"sid":"SM0123456789abcdef0123456789abcdef","account_sid":"AC00000000000000000000000000000001",
			 "status":"queued","to":"+15550001111","from":"+15017122661","body":"Another's"}""",
			"Content-Type: application/json"));

	private final Meaning meaning;

	private final ScriptedApi.Script script;

	ApiFault(Meaning meaning, ScriptedApi.Script script) {
		this.meaning = meaning;
		this.script = script;
	}

	Meaning meaning() {
		return this.meaning;
	}

	/**
	 * What the API does.
	 * @param processed whether the message is made beforehand; only where the outcome is
	 * unknown
	 */
	ScriptedApi.Script script(boolean processed) {
		return !processed ? this.script : (call) -> {
			call.process();
			return this.script.serve(call);
		};
	}

	private static String location() {
		return "Location: /2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json";
	}

	/**
	 * What an answer means for an entry.
	 */
	enum Meaning {

		/** The message exists. */
		ACCEPTED,

		/** It doesn't, and never will. */
		REJECTED,

		/** It surely doesn't, and is tried again. */
		AGAIN,

		/** The same, not sooner than in a second. */
		AGAIN_AFTER_A_SECOND,

		/** The same, in over a minute. */
		AGAIN_LATER,

		/** It may exist or not. */
		UNKNOWN

	}

}

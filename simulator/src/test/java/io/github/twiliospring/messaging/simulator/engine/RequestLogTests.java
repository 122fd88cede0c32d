package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RequestLogTests {

	private final RequestLog log = new RequestLog(3);

	@Test
	void headersStayInOrderAndAreFoundByName() {
		Map<String, String> kept = call(Map.of(), headers("1")).response().headers();
		assertThat(kept).containsExactlyEntriesOf(headers("1"));
		assertThat(kept.get("Twilio-Request-Id")).isEqualTo("1");
		assertThat(kept.get("Twilio")).isNull();
	}

	@Test
	void equalHeadersOfTwoCallsAreKeptOnce() {
		Map<String, String> first = call(headers("0"), headers("1")).headers();
		ApiCall second = call(headers("0"), headers("2"));
		assertThat(second.headers()).isSameAs(first);
		assertThat(second.response().headers()).isEqualTo(headers("2"));
	}

	@Test
	void beyondTheLimitTheOldestCallGoes() {
		IntStream.range(0, 5).forEach((number) -> call(Map.of(), Map.of()));
		assertThat(this.log.all()).extracting(ApiCall::number).containsExactly(2L, 3L, 4L);
	}

	@Test
	void longAnswersAreKeptUpToALimitOfAllTheyHoldTogether() {
		RequestLog long10000 = new RequestLog(10_000);
		String page = "a".repeat(16 * 1024);
		for (int i = 0; i < 3_000; i++) {
			long10000.add((number) -> new ApiCall(number, Instant.EPOCH, null, null, "GET", "/", "", Map.of(), "",
					new ApiCall.Answer(200, Map.of(), page)));
		}
		assertThat(long10000.all()).hasSize(2_500).last().extracting(ApiCall::number).isEqualTo(2_999L);
		long10000.clear();
		assertThat(long10000.all()).isEmpty();
	}

	@Test
	void oneCallIsKeptHoweverLong() {
		RequestLog one = new RequestLog(1);
		one.add((number) -> new ApiCall(number, Instant.EPOCH, null, null, "GET", "/", "", Map.of(), "",
				new ApiCall.Answer(200, Map.of(), "a".repeat(5 * 1024 * 1024))));
		assertThat(one.all()).hasSize(1);
	}

	private ApiCall call(Map<String, String> headers, Map<String, String> answered) {
		return this.log.add((number) -> new ApiCall(number, Instant.EPOCH, null, null, "GET", "/", "", headers, "",
				new ApiCall.Answer(200, answered, "")));
	}

	private static Map<String, String> headers(String requestId) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Content-Type", new String("application/json"));
		headers.put("Twilio-Request-Id", requestId);
		headers.put("Date", "Sun, 29 Nov 2026 03:12:28 GMT");
		return headers;
	}

}

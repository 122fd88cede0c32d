package io.github.twiliospring.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.Operation.Repeatability;
import io.github.twiliospring.messaging.error.ApiError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of what follows an attempt, row by row, and that no row is missing.
 */
class DecisionTests {

	private static final Map<String, Outcome<?>> OUTCOMES = Map.of("accepted", new Outcome.Accepted<>("x"), "rejected",
			rejected(400, false), "busy", rejected(429, true), "busy elsewhere", rejected(429, false), "unavailable",
			rejected(503, true), "not sent", new Outcome.NotSent<>("x", null), "unknown",
			new Outcome.Unknown<>("x", null));

	private static final String ROWS = """
			accepted       | NEVER_ON_DOUBT   | false | false | SUCCEEDED
			rejected       | NEVER_ON_DOUBT   | false | false | REJECTED
			busy           | NEVER_ON_DOUBT   | false | true  | REJECTED
			busy elsewhere | NEVER_ON_DOUBT   | false | false | REJECTED
			unavailable    | NEVER_ON_DOUBT   | false | true  | NOT_SENT
			not sent       | NEVER_ON_DOUBT   | false | true  | NOT_SENT
			unknown        | NEVER_ON_DOUBT   | false | false | UNKNOWN
			accepted       | IDEMPOTENT_WRITE | false | false | SUCCEEDED
			rejected       | IDEMPOTENT_WRITE | false | false | REJECTED
			busy           | IDEMPOTENT_WRITE | false | true  | REJECTED
			busy elsewhere | IDEMPOTENT_WRITE | false | false | REJECTED
			unavailable    | IDEMPOTENT_WRITE | false | true  | NOT_SENT
			not sent       | IDEMPOTENT_WRITE | false | true  | NOT_SENT
			unknown        | IDEMPOTENT_WRITE | false | true  | UNKNOWN
			accepted       | IDEMPOTENT_WRITE | true  | false | SUCCEEDED
			rejected       | IDEMPOTENT_WRITE | true  | false | UNKNOWN
			busy           | IDEMPOTENT_WRITE | true  | true  | UNKNOWN
			busy elsewhere | IDEMPOTENT_WRITE | true  | false | UNKNOWN
			unavailable    | IDEMPOTENT_WRITE | true  | true  | UNKNOWN
			not sent       | IDEMPOTENT_WRITE | true  | true  | UNKNOWN
			unknown        | IDEMPOTENT_WRITE | true  | true  | UNKNOWN
			accepted       | READ             | false | false | SUCCEEDED
			rejected       | READ             | false | false | REJECTED
			busy           | READ             | false | true  | REJECTED
			busy elsewhere | READ             | false | false | REJECTED
			unavailable    | READ             | false | true  | UNAVAILABLE
			not sent       | READ             | false | true  | UNAVAILABLE
			unknown        | READ             | false | true  | UNAVAILABLE
			accepted       | READ             | true  | false | SUCCEEDED
			rejected       | READ             | true  | false | REJECTED
			busy           | READ             | true  | true  | REJECTED
			busy elsewhere | READ             | true  | false | REJECTED
			unavailable    | READ             | true  | true  | UNAVAILABLE
			not sent       | READ             | true  | true  | UNAVAILABLE
			unknown        | READ             | true  | true  | UNAVAILABLE
			""";

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = ROWS)
	void decides(String outcome, Repeatability repeatability, boolean answerLost, boolean repeatable,
			Decision.Ending ending) {
		assertThat(Decision.of(OUTCOMES.get(outcome), repeatability, answerLost))
			.isEqualTo(new Decision(repeatable, ending));
	}

	@Test
	void hasARowForEverythingThatCanMeet() {
		List<String> missing = new ArrayList<>();
		for (String outcome : OUTCOMES.keySet()) {
			for (Repeatability repeatability : Repeatability.values()) {
				for (boolean answerLost : new boolean[] { false, true }) {
					// A create ends with the first answer that is lost.
					boolean impossible = answerLost && repeatability == Repeatability.NEVER_ON_DOUBT;
					boolean there = ROWS.lines()
						.map((row) -> row.split("\\s*\\|\\s*"))
						.anyMatch((row) -> row[0].equals(outcome) && row[1].equals(repeatability.name())
								&& row[2].equals(Boolean.toString(answerLost)));
					if (!there && !impossible) {
						missing.add(outcome + ", " + repeatability + ", " + answerLost);
					}
				}
			}
		}
		assertThat(missing).isEmpty();
	}

	private static Outcome<?> rejected(int status, boolean again) {
		return new Outcome.Rejected<>(new ApiError(status, null, null, null), again, null);
	}

}

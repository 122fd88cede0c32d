package io.github.twiliospring.messaging.message;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The codes of the API page, each in the group that a handler switches on, and those of
 * the provider's own list that sends and status updates carry.
 */
class ErrorCodesTests {

	private static final Map<ErrorCategory, List<Integer>> GROUPS = Map.ofEntries(
			entry(ErrorCategory.OPTED_OUT, List.of(21610, 63014)),
			entry(ErrorCategory.INVALID_RECIPIENT, List.of(21211, 21604, 21614, 30005, 63003)),
			entry(ErrorCategory.UNREACHABLE, List.of(21612, 30003, 30006)),
			entry(ErrorCategory.FILTERED, List.of(30004, 30007, 63013)),
			entry(ErrorCategory.QUEUE_FULL, List.of(20429, 21611, 30001, 30036)),
			entry(ErrorCategory.ACCOUNT, List.of(20003, 21408, 30002)),
			entry(ErrorCategory.CONTENT, List.of(21602, 21617, 21619, 21620, 21623, 21654, 21655, 21656, 63005, 63006)),
			entry(ErrorCategory.SCHEDULING, List.of(30409, 35111, 35114, 35118, 35126)),
			entry(ErrorCategory.CHANNEL, List.of(63001, 63008, 63009, 63012)),
			entry(ErrorCategory.PROVIDER, List.of(20500, 20503, 30009, 30410, 63010)),
			entry(ErrorCategory.SENDER, List.of(21212, 21603, 21606, 21701, 21703, 21704, 21705, 30034, 63002, 63007)),
			entry(ErrorCategory.REQUEST, List.of(20009, 20404, 21481, 21609, 21624, 30010, 30400)),
			entry(ErrorCategory.UNKNOWN, List.of(30008)));

	@Test
	void groupsEveryCodeOfTheApiPageAndLeavesTwoUnknown() {
		Map<ErrorCategory, List<Integer>> groups = IntStream.range(0, 100_000)
			.boxed()
			.filter((code) -> ErrorCodes.find(code).isPresent())
			.collect(Collectors.groupingBy(ErrorCodes::categoryOf));
		GROUPS.forEach((category, codes) -> assertThat(groups.get(category)).as(category.name()).containsAll(codes));
		assertThat(groups.get(ErrorCategory.UNKNOWN)).containsExactly(30008, 30046);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, 30998, 63999, 99999 })
	void knowsNothingOfOtherCodes(int code) {
		assertThat(ErrorCodes.categoryOf(code)).isEqualTo(ErrorCategory.UNKNOWN);
		assertThat(new MessageError(code, null).category()).isEqualTo(ErrorCategory.UNKNOWN);
	}

}

package io.github.twiliospring.messaging.message;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The codes of the API's tables, each in the group that a handler switches on.
 */
class ErrorCodesTests {

	private static final String[] GROUPS = { "OPTED_OUT,21610 63014", "INVALID_RECIPIENT,21211 21604 21614 30005 63003",
			"UNREACHABLE,21612 30003 30006", "FILTERED,30004 30007 63013", "QUEUE_FULL,20429 21611 30001 30036",
			"ACCOUNT,20003 21408 30002", "CONTENT,21602 21617 21619 21620 21623 21654 21655 21656 63005 63006",
			"SCHEDULING,30409 35111 35114 35118 35126", "CHANNEL,63001 63008 63009 63012",
			"PROVIDER,20500 20503 30009 30410 63010",
			"SENDER,21212 21603 21606 21701 21703 21704 21705 30034 63002 63007",
			"REQUEST,20009 20404 21481 21609 21624 30010 30400", "UNKNOWN,30008" };

	@Test
	void groupsEveryCodeOfTheTables() {
		Set<Integer> seen = new TreeSet<>();
		for (String group : GROUPS) {
			ErrorCategory category = ErrorCategory.valueOf(group.substring(0, group.indexOf(',')));
			Arrays.stream(group.substring(group.indexOf(',') + 1).split(" ")).map(Integer::valueOf).forEach((code) -> {
				assertThat(ErrorCodes.categoryOf(code)).as("%d", code).isEqualTo(category);
				assertThat(ErrorCodes.find(code)).as("%d", code).hasValueSatisfying((entry) -> {
					assertThat(entry.code()).isEqualTo(code);
					assertThat(entry.message()).isNotBlank();
				});
				assertThat(seen.add(code)).isTrue();
			});
		}
		for (int code = 20000; code < 70000; code++) {
			assertThat(ErrorCodes.find(code).isPresent()).as("%d", code).isEqualTo(seen.contains(code));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, 30011, 63004, 99999 })
	void knowsNothingOfOtherCodes(int code) {
		assertThat(ErrorCodes.categoryOf(code)).isEqualTo(ErrorCategory.UNKNOWN);
		assertThat(new MessageError(code, null).category()).isEqualTo(ErrorCategory.UNKNOWN);
	}

	@ParameterizedTest
	@CsvSource({ "30007,FILTERED", "21610,OPTED_OUT" })
	void answersTheCategoryOfADeliveryError(int code, ErrorCategory category) {
		assertThat(new MessageError(code, "as the provider says").category()).isEqualTo(category);
	}

}

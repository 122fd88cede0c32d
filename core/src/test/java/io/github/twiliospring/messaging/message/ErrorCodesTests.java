package io.github.twiliospring.messaging.message;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

	// The others, of the provider's error dictionary.
	private static final String FURTHER = """
			OPTED_OUT: 30630 63033 63050
			INVALID_RECIPIENT: 21265 21268 21421 21635 30014 63024
			UNREACHABLE: 63036
			FILTERED: 30038 30039 30043 30450 30453 30485 63026 63049
			QUEUE_FULL: 30017 30022 30023 30025 30026 30027 63017 63018 63038 63039
			ACCOUNT: 10001 20005 20006 20008 20010 20403 21267 21607 21608 21622 30037 30044 30454
			SENDER: 21210 21264 21601 21613 21615 21616 21621 21631 21657 21659 21660 21661 21662 21663 21665
			  21667 21668 21702 21708 21709 30018 30024 30032 30033 30035 30040 30041 30042
			CONTENT: 21605 21618 30011 30019 63019 63021 63025 63027 63028 63029 63030 63034 63037 63040 63041
			  63042 63053 63054 63055
			SCHEDULING: 35112 35113 35115 35116 35117 35119 35125
			CHANNEL: 30015 63011 63015 63016 63020 63022 63023 63032 63035 63051 63052 63056 63058 63059 63112
			REQUEST: 20001 20409 20422 20423 21266 21627 21658 21664 21666 21910 30012 30013 30016 30028 30029
			  30030 30045 63031
			PROVIDER: 30020 30021 30500
			UNKNOWN: 30046
			""";

	@Test
	void groupsEveryCodeOfTheApiPageAndLeavesTwoUnknown() {
		Map<ErrorCategory, List<Integer>> groups = IntStream.range(0, 100_000)
			.boxed()
			.filter((code) -> ErrorCodes.find(code).isPresent())
			.collect(Collectors.groupingBy(ErrorCodes::categoryOf));
		GROUPS.forEach((category, codes) -> assertThat(groups.get(category)).as(category.name()).containsAll(codes));
		assertThat(groups.get(ErrorCategory.UNKNOWN)).containsExactly(30008, 30046);
	}

	@Test
	void keepsTheCategoryOfEveryOtherCode() {
		Set<Integer> known = GROUPS.values().stream().flatMap(List::stream).collect(Collectors.toSet());
		Map<ErrorCategory, List<Integer>> further = new EnumMap<>(ErrorCategory.class);
		for (String group : FURTHER.replaceAll("\\n +", " ").lines().toList()) {
			String[] parts = group.split(": ");
			further.put(ErrorCategory.valueOf(parts[0]),
					Stream.of(parts[1].trim().split(" +")).map(Integer::valueOf).toList());
		}
		assertThat(IntStream.range(0, 100_000)
			.boxed()
			.filter((code) -> ErrorCodes.find(code).isPresent() && !known.contains(code))
			.collect(Collectors.groupingBy(ErrorCodes::categoryOf))).isEqualTo(further);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, 30998, 63999, 99999 })
	void knowsNothingOfOtherCodes(int code) {
		assertThat(ErrorCodes.categoryOf(code)).isEqualTo(ErrorCategory.UNKNOWN);
		assertThat(new MessageError(code, null).category()).isEqualTo(ErrorCategory.UNKNOWN);
	}

}

package io.github.twiliospring.messaging.message;

import io.github.twiliospring.messaging.message.Segments.Encoding;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SegmentsTests {

	@ParameterizedTest
	@CsvSource({ "0,1,160", "1,1,159", "160,1,0", "161,2,145", "306,2,0", "307,3,152", "1600,11,83" })
	void countsPlainTextInSeptets(int length, int count, int unitsLeft) {
		assertThat(Segments.of("a".repeat(length))).isEqualTo(new Segments(Encoding.GSM_7, count, length, unitsLeft));
	}

	@ParameterizedTest
	@CsvSource({ "70,1,0", "71,2,63", "134,2,0", "135,3,66" })
	void countsOtherTextInSixteenBitUnits(int length, int count, int unitsLeft) {
		assertThat(Segments.of("я".repeat(length))).isEqualTo(new Segments(Encoding.UCS_2, count, length, unitsLeft));
	}

	@Test
	void countsAnExtensionCharacterAsTwoUnits() {
		assertThat(Segments.of("\f^{}\\[~]|€")).isEqualTo(new Segments(Encoding.GSM_7, 1, 20, 140));
		assertThat(Segments.of("€".repeat(80)).count()).isEqualTo(1);
	}

	@Test
	void neverSplitsAnExtensionCharacter() {
		// 152 units, then one of two: it moves to the second segment, which then holds 9.
		Segments segments = Segments.of("a".repeat(152) + "€" + "b".repeat(7));
		assertThat(segments).isEqualTo(new Segments(Encoding.GSM_7, 2, 161, 144));
	}

	@Test
	void neverSplitsASurrogatePair() {
		Segments segments = Segments.of("я".repeat(66) + "😀" + "яяя");
		assertThat(segments).isEqualTo(new Segments(Encoding.UCS_2, 2, 71, 62));
	}

	@Test
	void makesTheWholeTextWideForOneForeignCharacter() {
		assertThat(Segments.of("a".repeat(70) + "ж")).isEqualTo(new Segments(Encoding.UCS_2, 2, 71, 63));
	}

	@Test
	void countsTypographyAsPlainTextWhenSmartEncoded() {
		String text = "“Don’t wait — it’s ready…”";
		assertThat(Segments.of(text).encoding()).isEqualTo(Encoding.UCS_2);
		assertThat(Segments.ofSmartEncoded(text).encoding()).isEqualTo(Encoding.GSM_7);
		assertThat(Segments.smartEncode(text)).isEqualTo("\"Don't wait - it's ready...\"");
	}

	@ParameterizedTest
	@CsvSource({ "• item,- item", "a`b´c,a'b'c", "１２ＡＺ,12AZ", "ᴀʙᴢ,ABZ", "✱,*", "½ ¼ ¾,1/2 1/4 3/4", "‼,!!" })
	void replacesWhatTheProviderReplaces(String text, String encoded) {
		assertThat(Segments.smartEncode(text)).isEqualTo(encoded);
		assertThat(Segments.ofSmartEncoded(text).encoding()).isEqualTo(Encoding.GSM_7);
	}

	@ParameterizedTest
	@ValueSource(strings = { "5′ tall", "12″", "−5", "a\u200Db", "a\u00ADb", "e\u0302", "ａ" })
	void leavesWhatTheProviderLeaves(String text) {
		assertThat(Segments.smartEncode(text)).isEqualTo(text);
		assertThat(Segments.ofSmartEncoded(text).encoding()).isEqualTo(Encoding.UCS_2);
	}

	@Test
	void knowsAllOfTheDefaultAlphabet() {
		String alphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
				+ "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
		assertThat(alphabet).hasSize(127);
		assertThat(Segments.of(alphabet)).isEqualTo(new Segments(Encoding.GSM_7, 1, 127, 33));
		assertThat(Segments.of("ç").encoding()).isEqualTo(Encoding.UCS_2);
		assertThat(Segments.of("`").encoding()).isEqualTo(Encoding.UCS_2);
	}

	@Test
	void countsAnyTextAsAGreedyCutOfItsCharactersDoes() {
		long seed = Long.getLong("seed", 20261124L);
		Random random = new Random(seed);
		for (int round = 0; round < 5000; round++) {
			StringBuilder text = new StringBuilder();
			boolean wide = random.nextBoolean();
			for (int length = random.nextInt(400); length > 0; length--) {
				text.append(wide ? List.of("a", "€", "日", "😀").get(random.nextInt(4))
						: List.of("a", "€", "[", "@").get(random.nextInt(4)));
			}
			Segments segments = Segments.of(text.toString());
			int alone = 0;
			int parts = 1;
			int used = 0;
			boolean isWide = text.codePoints().anyMatch((character) -> character == '日' || character > 0xFFFF);
			for (int character : text.codePoints().toArray()) {
				int units = isWide ? Character.charCount(character) : (character == '€' || character == '[') ? 2 : 1;
				alone += units;
				if (used + units > (isWide ? 67 : 153)) {
					parts++;
					used = 0;
				}
				used += units;
			}
			int expected = (alone <= (isWide ? 70 : 160)) ? 1 : parts;
			assertThat(segments.count()).as("seed %d, round %d", seed, round).isEqualTo(expected);
			assertThat(segments.units()).isEqualTo(alone);
		}
	}

}

package io.github.twiliospring.messaging;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Well-formed texts alone: half characters are refused before, and what comes of one at
 * the end of a text depends on the JDK.
 */
class FormEncoderTests {

	@Test
	void encodesAnyTextSoThatItIsDecodedToItself() {
		long seed = 20261124;
		Random random = new Random(seed);
		for (int i = 0; i < 20_000; i++) {
			String text = text(random);
			assertThat(decoded(text)).as("seed %d, round %d", seed, i).isEqualTo(text);
		}
	}

	@Test
	void encodesEveryCharacterOfTheBasicPlane() {
		for (int i = 0; i <= Character.MAX_VALUE; i++) {
			if (!Character.isSurrogate((char) i)) {
				String text = "a" + (char) i + "b";
				assertThat(decoded(text)).isEqualTo(text);
			}
		}
	}

	@Test
	void writesWhatTheStandardSays() {
		assertThat(encoded(" +&=%\u00e9\ud83d\ude00~*-._")).isEqualTo("Body=+%2B%26%3D%25%C3%A9%F0%9F%98%80%7E*-._");
	}

	private static String text(Random random) {
		StringBuilder text = new StringBuilder();
		for (int length = random.nextInt(20); length > 0; length--) {
			int character = random.nextInt((random.nextBoolean()) ? 128 : Character.MAX_CODE_POINT + 1);
			if (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE) {
				text.appendCodePoint(character);
			}
		}
		return text.toString();
	}

	private static String decoded(String text) {
		String encoded = encoded(text);
		assertThat(encoded).startsWith("Body=").matches("[A-Za-z0-9=%+*._-]*");
		return URLDecoder.decode(encoded.substring(5), StandardCharsets.UTF_8);
	}

	private static String encoded(String text) {
		return new String(FormEncoder.single("Body", text), StandardCharsets.US_ASCII);
	}

}

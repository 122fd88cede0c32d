package io.github.twiliospring.messaging;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FormEncoderTests {

	@Test
	void encodesAnyTextAsTheJdkDoes() {
		long seed = 20261124;
		Random random = new Random(seed);
		for (int i = 0; i < 20_000; i++) {
			String text = text(random);
			assertThat(encoded(text)).as("seed %d, round %d", seed, i).isEqualTo("Body=" + expected(text));
		}
	}

	@Test
	void encodesEveryCharacterOfTheBasicPlaneAsTheJdkDoes() {
		for (int i = 0; i <= Character.MAX_VALUE; i++) {
			String text = "a" + (char) i + "b";
			assertThat(encoded(text)).isEqualTo("Body=" + expected(text));
		}
	}

	// A lone surrogate is a question mark; some JDKs drop one at the end.
	private static String expected(String text) {
		String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
		return URLEncoder.encode(wellFormed, StandardCharsets.UTF_8);
	}

	// Lone surrogates, too.
	private static String text(Random random) {
		StringBuilder text = new StringBuilder();
		for (int length = random.nextInt(20); length > 0; length--) {
			switch (random.nextInt(3)) {
				case 0 -> text.append((char) random.nextInt(128));
				case 1 -> text.append((char) random.nextInt(Character.MAX_VALUE + 1));
				default -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
			}
		}
		return text.toString();
	}

	private static String encoded(String text) {
		return new String(FormEncoder.single("Body", text), StandardCharsets.US_ASCII);
	}

}

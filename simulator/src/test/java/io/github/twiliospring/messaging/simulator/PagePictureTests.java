package io.github.twiliospring.messaging.simulator;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Makes the picture in docs/simulator.md: with {@code -Dpicture=true} in its place,
 * otherwise beside the others in target/screenshots.
 */
class PagePictureTests extends SimulatorPage {

	private static final int LARGEST = 90_000;

	@Test
	void makesThePictureOfThePage() throws IOException {
		Path file = Boolean.getBoolean("picture") ? Path.of("..", "docs", "simulator.png")
				: Path.of("target", "screenshots", "simulator.png");
		fill(this.simulator, this.receiver);
		browser.timeZone("UTC");
		browser.colours("light");
		browser.resize(1280, 680);
		open();
		browser.click(PHONE);
		browser.see("#detail", "Nothing listens at");
		browser.see("#bubbles svg");
		browser.screenshot(file);
		shrink(file);
		assertThat(Files.size(file)).isLessThan(LARGEST);
	}

	/** A picture of a page does with 256 colours: those that it has most of. */
	private static void shrink(Path file) throws IOException {
		BufferedImage full = ImageIO.read(file.toFile());
		int width = full.getWidth();
		int[] pixels = full.getRGB(0, 0, width, full.getHeight(), null, 0, width);
		int[] palette = IntStream.of(pixels)
			.boxed()
			.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
			.entrySet()
			.stream()
			.sorted(Map.Entry.<Integer, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
			.mapToInt(Map.Entry::getKey)
			.limit(256)
			.toArray();
		IndexColorModel colours = new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
		BufferedImage small = new BufferedImage(width, full.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, colours);
		small.setRGB(0, 0, width, full.getHeight(), pixels, 0, width);
		ImageIO.write(small, "png", file.toFile());
	}

	private static void fill(TwilioSimulator simulator, CallbackReceiver receiver) {
		ApiClient api = new ApiClient(simulator);
		simulator.fail(MessageMatcher.sentTo("+15550001111"), 30003);
		api.create("To", "+15550001111", "From", ApiClient.FROM, "Body", "Your order has left our shop");
		api.create("To", "+15550002222", "From", ApiClient.FROM, "Body", "Your code is 482913");
		api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "Today's menu", "MediaUrl",
				"https://shop.example.com/menu/today.png");
		simulator.clock().advance(Duration.ofMinutes(5));
		simulator.receive(ApiClient.TO, ApiClient.FROM, "A table for two, please");
		simulator.clock().advance(Duration.ofDays(1));
		String url = receiver.url("/status");
		receiver.close();
		api.create("To", ApiClient.TO, "From", ApiClient.FROM, "Body", "It\u2019s ready. Your code at the door: 27431",
				"StatusCallback", url);
		simulator.clock().advance(Duration.ofMinutes(1));
		simulator.awaitIdle(Duration.ofSeconds(20));
	}

}

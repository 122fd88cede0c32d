package io.github.twiliospring.messaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * A medium's bytes for a caller that waits.
 */
class MediumInputStreamTests {

	private static final String SID = "MM0123456789abcdef0123456789abcdef";

	private static final String MEDIA_SID = "ME0123456789abcdef0123456789abcdef";

	private final CountDownLatch gone = new CountDownLatch(1);

	private final CountDownLatch rest = new CountDownLatch(1);

	@Test
	void readsAllBytesAsTheyArrive() throws Exception {
		byte[] picture = new byte[300_000];
		for (int i = 0; i < picture.length; i++) {
			picture[i] = (byte) ('a' + i % 7);
		}
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			return exchange.answer(200, new String(picture, StandardCharsets.US_ASCII));
		}); InputStream content = open(server)) {
			assertThat(content.read()).isEqualTo('a');
			assertThat(content.readNBytes(6)).hasSize(6);
			assertThat(content.readAllBytes()).isEqualTo(Arrays.copyOfRange(picture, 7, picture.length));
			assertThat(content.read()).isEqualTo(-1);
		}
	}

	@Test
	void hasNoBytesWhereTheMediumHasNone() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			return exchange.answer(200, "");
		}); InputStream content = open(server)) {
			assertThat(content.read()).isEqualTo(-1);
		}
	}

	@Test
	void aMediumThatIsNotThereFailsAtOnce() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			return exchange.answer(404, "{\"code\":20404}");
		})) {
			assertThatExceptionOfType(MessageRejectedException.class).isThrownBy(() -> open(server))
				.satisfies((rejected) -> assertThat(rejected.getHttpStatus()).isEqualTo(404));
		}
	}

	@Test
	void closingItGivesTheConnectionUp() throws Exception {
		try (RawServer server = new RawServer(this::begin)) {
			InputStream content = open(server);
			assertThat(content.read()).isEqualTo('p');
			content.close();
			await(this.gone);
			assertThatIOException().isThrownBy(content::read).withMessage("The stream is closed");
			content.close();
		}
	}

	@Test
	void closingItWakesAReaderThatWaits() throws Exception {
		try (RawServer server = new RawServer(this::begin)) {
			InputStream content = open(server);
			assertThat(content.readNBytes(3)).hasSize(3);
			Caller<Integer> reader = new Caller<>(content::read);
			reader.awaitWaiting();
			content.close();
			assertThat(reader.failure()).isInstanceOf(IOException.class).hasMessage("The stream is closed");
			await(this.gone);
		}
	}

	@Test
	void aReaderThatIsInterruptedGivesTheConnectionUp() throws Exception {
		try (RawServer server = new RawServer(this::begin)) {
			InputStream content = open(server);
			assertThat(content.readNBytes(3)).hasSize(3);
			Caller<Integer> reader = new Caller<>(content::read);
			reader.awaitWaiting();
			reader.interrupt();
			assertThat(reader.failure()).isInstanceOf(InterruptedIOException.class);
			assertThat(reader.wasInterruptedAfterwards()).isTrue();
			await(this.gone);
		}
	}

	@Test
	void bytesThatBreakOffAreAFailureWithATypedCause() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npic");
			await(this.rest);
			return exchange.finish();
		})) {
			InputStream content = open(server);
			assertThat(content.readNBytes(3)).isEqualTo(new byte[] { 'p', 'i', 'c' });
			this.rest.countDown();
			assertThatIOException().isThrownBy(content::read)
				.withCauseInstanceOf(MessagingUnavailableException.class)
				.withMessageContaining("the content broke off");
			// An end would look like that of the whole medium.
			assertThatIOException().isThrownBy(content::readAllBytes)
				.withCauseInstanceOf(MessagingUnavailableException.class);
			content.close();
			assertThatIOException().isThrownBy(content::read).withMessage("The stream is closed");
		}
	}

	private boolean begin(RawServer.Exchange exchange) throws IOException {
		exchange.read();
		exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npic");
		try {
			exchange.awaitNext();
		}
		finally {
			this.gone.countDown();
		}
		return false;
	}

	private static InputStream open(RawServer server) {
		return TestTemplates.patientlyAt(server.url()).build().blocking().mediaContent(SID, MEDIA_SID);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

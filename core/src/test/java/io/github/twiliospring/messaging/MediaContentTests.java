package io.github.twiliospring.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClientException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a medium's bytes have to begin, and what becomes of their connection.
 */
class MediaContentTests {

	private static final String SID = "MM0123456789abcdef0123456789abcdef";

	private static final String MEDIA_SID = "ME0123456789abcdef0123456789abcdef";

	private static final Duration DEADLINE = Duration.ofSeconds(30);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final CountDownLatch asked = new CountDownLatch(1);

	private final CountDownLatch gone = new CountDownLatch(1);

	private final CountDownLatch rest = new CountDownLatch(1);

	@Test
	void hasToBeginWithinTheDeadline() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.onRead((request) -> this.asked.countDown());
			exchange.read();
			exchange.awaitNext();
			this.gone.countDown();
			return false;
		})) {
			StepVerifier.create(content(server)).then(() -> await(this.asked)).then(() -> {
				this.time.advanceTimeBy(DEADLINE.plusSeconds(1));
			})
				.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(MessagingUnavailableException.class)
					.hasMessageContaining("no answer within PT30S"));
			await(this.gone);
		}
	}

	@Test
	void mayTakeItsTimeOnceItHasBegun() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npic");
			await(this.rest);
			exchange.write("ture");
			return true;
		})) {
			StepVerifier.create(text(content(server))).expectNext("pic").then(() -> {
				this.time.advanceTimeBy(DEADLINE.multipliedBy(10));
				this.rest.countDown();
			}).thenConsumeWhile((text) -> true).verifyComplete();
		}
	}

	@Test
	void endsInATypedErrorWhereItBreaksOff() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npic");
			await(this.rest);
			return exchange.finish();
		})) {
			StepVerifier.create(text(content(server)))
				.expectNext("pic")
				.then(this.rest::countDown)
				.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(MessagingUnavailableException.class)
					.hasMessageContaining("the content broke off"));
			assertThat(server.requests()).isOne();
		}
	}

	@Test
	void showsNoCredentialsWhereAnErrorsAnswerBreaksOff() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 70\r\n\r\n<html>");
			return exchange.finish();
		})) {
			Flux<DataBuffer> content = TestTemplates.at(server.url()).build().mediaContent(SID, MEDIA_SID);
			StepVerifier.create(content).verifyErrorSatisfies((failure) -> {
				assertThat(failure).isInstanceOf(MessagingUnavailableException.class);
				for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
					assertThat(cause).isNotInstanceOf(WebClientException.class);
				}
			});
		}
	}

	@Test
	void asksOnceWhereItRedirectsForEver() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			return exchange.answer(302, "", "Location: /again");
		})) {
			StepVerifier.create(content(server))
				.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(MessagingUnavailableException.class)
					.hasMessageContaining("moved more than 5 times"));
			assertThat(server.requests()).isEqualTo(6);
		}
	}

	@Test
	void closesTheConnectionWhereTheReaderGoesAway() throws Exception {
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npic");
			exchange.awaitNext();
			this.gone.countDown();
			return false;
		})) {
			assertThat(text(content(server)).blockFirst()).isEqualTo("pic");
			await(this.gone);
		}
	}

	@ParameterizedTest
	@MethodSource("connectors")
	void releasesWhatAReaderOfTheFirstBytesLeaves(Function<HttpClient, ClientHttpConnector> connector)
			throws Exception {
		UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
		ConnectionProvider pool = ConnectionProvider.create("first-bytes", 1);
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			return exchange.answer(200, "x".repeat(60_000));
		})) {
			MessagingTemplate template = TestTemplates.at(server.url())
				.connector(connector.apply(HttpClient.create(pool).option(ChannelOption.ALLOCATOR, buffers)))
				.build();
			for (int i = 0; i < 10; i++) {
				DataBufferUtils.release(template.mediaContent(SID, MEDIA_SID).blockFirst(Duration.ofSeconds(20)));
			}
		}
		finally {
			pool.dispose();
		}
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(buffers.metric().usedDirectMemory() + buffers.metric().usedHeapMemory()).isZero());
	}

	static Stream<Function<HttpClient, ClientHttpConnector>> connectors() {
		return Stream.of(ReactorNettyConnector::new, ReactorClientHttpConnector::new);
	}

	@Test
	void closesWhatWasOpenedForNobody() {
		OpenedContent early = new OpenedContent();
		AtomicBoolean closed = new AtomicBoolean();
		early.keep(Flux.<DataBuffer>never().doOnCancel(() -> closed.set(true)));
		assertThat(closed).isFalse();
		early.close();
		assertThat(closed).isTrue();
		OpenedContent late = new OpenedContent();
		late.close();
		AtomicBoolean closedLate = new AtomicBoolean();
		late.keep(Flux.<DataBuffer>never().doOnCancel(() -> closedLate.set(true)));
		assertThat(closedLate).isTrue();
	}

	@Test
	void leavesToItsReaderWhatIsRead() {
		OpenedContent opened = new OpenedContent();
		AtomicBoolean closed = new AtomicBoolean();
		opened.keep(Flux.<DataBuffer>never().doOnCancel(() -> closed.set(true)));
		opened.read();
		opened.close();
		assertThat(closed).isFalse();
	}

	private Flux<DataBuffer> content(RawServer server) {
		MessagingTemplate template = TestTemplates.at(server.url())
			.connector(new ReactorNettyConnector(HttpClient.create(ConnectionProvider.newConnection())))
			.scheduler(this.time)
			.deadline(DEADLINE)
			.build();
		return template.mediaContent(SID, MEDIA_SID).timeout(Duration.ofSeconds(20));
	}

	private static Flux<String> text(Flux<DataBuffer> content) {
		return content.map((buffer) -> {
			String text = buffer.toString(StandardCharsets.UTF_8);
			DataBufferUtils.release(buffer);
			return text;
		});
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

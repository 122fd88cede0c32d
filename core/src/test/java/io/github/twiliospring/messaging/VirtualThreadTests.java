package io.github.twiliospring.messaging;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.message.Message;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers on virtual threads.
 */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with Java 21")
class VirtualThreadTests {

	private static final int CALLERS = 1000;

	private static final Duration LATENCY = Duration.ofMillis(200);

	@TempDir
	Path directory;

	@Test
	void aThousandSendAtOnceAndKeepNoCarrierWaiting() throws Exception {
		AtomicInteger creates = new AtomicInteger();
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.handle((request, response) -> request.receive().aggregate().asString().flatMap((body) -> {
				creates.incrementAndGet();
				return response.status(201)
					.sendString(Mono.just("{\"sid\":\"SM0123456789abcdef0123456789abcdef\",\"status\":\"accepted\"}")
						.delayElement(LATENCY))
					.then();
			}))
			.bindNow();
		ConnectionProvider pool = ConnectionProvider.builder("virtual")
			.maxConnections(CALLERS)
			.pendingAcquireMaxCount(CALLERS)
			.build();
		ExecutorService callers = virtualThreads();
		try (Recording recording = new Recording()) {
			recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ofMillis(20));
			recording.start();
			BlockingMessagingOperations blocking = TestTemplates.at("http://127.0.0.1:" + server.port())
				.connector(new ReactorNettyConnector(HttpClient.create(pool)))
				.build()
				.blocking();
			CyclicBarrier atOnce = new CyclicBarrier(CALLERS);
			List<Future<Message>> sent = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				sent.add(callers.submit(() -> {
					atOnce.await();
					return blocking.send("+15558675310", "Hi");
				}));
			}
			for (Future<Message> each : sent) {
				assertThat(each.get(60, TimeUnit.SECONDS).status().value()).isEqualTo("accepted");
			}
			assertThat(creates).hasValue(CALLERS);
			assertThat(pinnedWhileWaiting(recording)).isEmpty();
		}
		finally {
			callers.shutdownNow();
			pool.dispose();
			server.disposeNow();
		}
	}

	@Test
	void whoIsInterruptedOnAVirtualThreadLearnsThatItIsUnknown() throws Exception {
		CopyOnWriteArrayList<Thread> caller = new CopyOnWriteArrayList<>();
		try (RawServer server = new RawServer((exchange) -> {
			exchange.read();
			caller.forEach(Thread::interrupt);
			return exchange.hang();
		})) {
			BlockingMessagingOperations blocking = TestTemplates.at(server.url()).build().blocking();
			ExecutorService callers = virtualThreads();
			Future<Throwable> failure = callers.submit(() -> {
				caller.add(Thread.currentThread());
				try {
					return new AssertionError("It returned " + blocking.send("+15558675310", "Hi"));
				}
				catch (MessageOutcomeUnknownException ex) {
					return Thread.currentThread().isInterrupted() ? ex : new AssertionError("It's not interrupted");
				}
			});
			assertThat(failure.get(30, TimeUnit.SECONDS)).isInstanceOf(MessageOutcomeUnknownException.class);
			callers.shutdownNow();
		}
	}

	// While a class of anybody's is initialized a thread is pinned, once.
	private List<RecordedEvent> pinnedWhileWaiting(Recording recording) throws Exception {
		recording.stop();
		Path file = this.directory.resolve("pinned.jfr");
		recording.dump(file);
		return RecordingFile.readAllEvents(file)
			.stream()
			.filter((event) -> event.getStackTrace() != null && event.getStackTrace()
				.getFrames()
				.stream()
				.anyMatch((frame) -> frame.getMethod().getType().getName().equals(Waiter.class.getName())
						&& frame.getMethod().getName().equals("await")))
			.toList();
	}

	private static ExecutorService virtualThreads() throws Exception {
		return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
	}

}

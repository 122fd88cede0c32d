package io.github.twiliospring.messaging;

import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.message.Media;
import io.github.twiliospring.messaging.message.Message;
import io.github.twiliospring.messaging.message.MessageQuery;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBuffer;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Callers that wait, over real sockets.
 */
class BlockingMessagingTests {

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	private static final String TAKEN = "{\"sid\":\"" + SID + "\",\"status\":\"accepted\"}";

	private static final String PAGE = "{\"messages\":[{\"sid\":\"SM%032x\"}],\"next_page_uri\":\"%s\"}";

	private RawServer server = new RawServer((exchange) -> {
		exchange.read();
		return exchange.answer(201, TAKEN);
	});

	@AfterEach
	void stop() throws Exception {
		this.server.close();
	}

	@Test
	void returnsTheMessageAsTheProviderTookIt() {
		assertThat(blocking().send("+15558675310", "Hi").sid()).isEqualTo(SID);
		assertThat(blocking().send(to("+15558675310").body("Hi")).sid()).isEqualTo(SID);
		assertThat(this.server.creates()).isEqualTo(2);
	}

	@Test
	void throwsTheTypedExceptionItselfAndShowsWhoCalled() throws Exception {
		serve((exchange) -> {
			exchange.read();
			return exchange.answer(400, "{\"code\":21610}");
		});
		MessageRejectedException rejected = catchThrowableOfType(MessageRejectedException.class,
				() -> blocking().send("+15558675310", "Hi"));
		assertThat(rejected.getSuppressed()).hasSize(1);
		assertThat(rejected.getSuppressed()[0].getStackTrace())
			.anyMatch((frame) -> frame.getClassName().equals(BlockingMessagingTests.class.getName()));
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> blocking().send("nobody", "Hi"));
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> blocking().send((OutboundMessage) null));
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> blocking().fetch("SM1"));
		assertThat(this.server.requests()).isOne();
	}

	@Test
	void returnsNothingWhereThereIsNothingToReturn() throws Exception {
		serve((exchange) -> {
			exchange.read();
			return exchange.answer(204, "");
		});
		blocking().delete(SID);
		assertThat(this.server.requests()).isOne();
	}

	@Test
	void asksForAnotherAccount() throws Exception {
		AtomicReference<String> asked = new AtomicReference<>();
		serve((exchange) -> {
			asked.set(exchange.read());
			return exchange.answer(201, TAKEN);
		});
		blocking().forAccount("ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb").send("+15558675310", "Hi");
		assertThat(asked.get()).contains("/ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/");
	}

	@Test
	void refusesToWaitOnAReactorThreadBeforeAnythingIsSent() {
		for (Callable<?> call : callsThatWait()) {
			Throwable refusal = Mono.fromCallable(call)
				.subscribeOn(Schedulers.parallel())
				.materialize()
				.block()
				.getThrowable();
			assertThat(refusal).isInstanceOf(IllegalStateException.class)
				.hasMessageMatching("BlockingMessagingOperations\\.(\\w+) waits, .* use MessagingOperations\\.\\1 .*");
		}
		assertThat(this.server.connections()).isZero();
	}

	@Test
	void refusesToWaitOnTheThreadThatBringsTheAnswers() {
		MessagingTemplate template = TestTemplates.at(this.server.url()).build();
		Mono<Message> inTheOther = template.send("+15558675310", "Hi")
			.map((message) -> template.blocking().send("+15558675310", "Hi again"));
		assertThatIllegalStateException().isThrownBy(inTheOther::block)
			.withMessageContaining("use MessagingOperations.send");
		assertThat(this.server.creates()).isOne();
	}

	@Test
	void refusesToWaitOnAnEventLoopThatReactorDoesNotKnow() throws Exception {
		MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		try {
			Throwable refusal = loops.submit(() -> catchThrowable(() -> blocking().send("+15558675310", "Hi")))
				.get(30, TimeUnit.SECONDS);
			assertThat(refusal).isInstanceOf(IllegalStateException.class);
			assertThat(this.server.connections()).isZero();
		}
		finally {
			loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
		}
	}

	@Test
	void refusesToReadAStreamOnAnEventLoop() {
		Stream<Message> stream = blocking().list(MessageQuery.query());
		Throwable refusal = Mono.fromCallable(stream::findFirst)
			.subscribeOn(Schedulers.parallel())
			.materialize()
			.block()
			.getThrowable();
		assertThat(refusal).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("use MessagingOperations.list");
		assertThat(this.server.connections()).isZero();
	}

	@Test
	void asksForAPageOnlyWhenMoreIsTaken() throws Exception {
		serve(this::page);
		try (Stream<Message> messages = blocking().list(MessageQuery.query())) {
			assertThat(this.server.requests()).isZero();
			assertThat(messages.limit(2)).hasSize(2);
		}
		assertThat(this.server.requests()).isOne();
		assertThat(blocking().list(MessageQuery.query()).limit(3)).hasSize(3);
		assertThat(this.server.requests()).isEqualTo(3);
		assertThat(blocking().list(MessageQuery.query()).map(Message::sid).distinct()).hasSize(6);
		assertThat(this.server.requests()).isEqualTo(6);
	}

	@Test
	void throwsWhatIsWrongWithAListWhereItIsRead() throws Exception {
		serve((exchange) -> {
			exchange.read();
			return exchange.answer(400, "{\"code\":20001}");
		});
		Stream<Message> refused = blocking().list(MessageQuery.query());
		assertThatExceptionOfType(MessageRejectedException.class).isThrownBy(refused::toList);
		Stream<Message> invalid = blocking().list(MessageQuery.query().pageSize(0));
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(invalid::toList);
	}

	@Test
	void aListThatFailedFailsAgainWhereItIsReadAgain() throws Exception {
		serve((exchange) -> exchange.read().contains("Page=1") ? exchange.answer(400, "{\"code\":20001}")
				: exchange.answer(200, PAGE.formatted(0, next(1))));
		Iterator<Message> messages = blocking().list(MessageQuery.query()).iterator();
		assertThat(messages.next()).isNotNull();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(MessageRejectedException.class).isThrownBy(messages::hasNext)
				.satisfies((failure) -> assertThat(failure.getSuppressed()).hasSize(1));
		}
	}

	@Test
	void noThreadWaitsForEverWhereTwoReadOneList() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch both = new CountDownLatch(1);
		serve((exchange) -> {
			exchange.read();
			asked.countDown();
			await(both);
			return exchange.answer(400, "{\"code\":20001}");
		});
		Iterator<Message> messages = blocking().list(MessageQuery.query()).iterator();
		Caller<Boolean> one = new Caller<>(messages::hasNext);
		await(asked);
		Caller<Boolean> other = new Caller<>(messages::hasNext);
		one.awaitWaiting();
		other.awaitWaiting();
		both.countDown();
		assertThat(List.of(one.failure(), other.failure()))
			.allSatisfy((failure) -> assertThat(failure).isInstanceOf(MessageRejectedException.class));
	}

	@Test
	void aParallelStreamAsksForNoMorePagesThanItNeeds() throws Exception {
		serve(this::page);
		assertThat(blocking().list(MessageQuery.query()).parallel().findFirst()).isPresent();
		assertThat(this.server.requests()).isOne();
	}

	@Test
	void aFailureThatIsTheSameEachTimeDoesNotGrow() {
		IllegalStateException constant = new IllegalStateException("own");
		MessagingOperations failing = new OwnOperations(TestTemplates.at(this.server.url()).build()) {

			@Override
			public Mono<Message> send(OutboundMessage message) {
				return Mono.error(constant);
			}

		};
		for (int i = 0; i < 10; i++) {
			assertThatIllegalStateException().isThrownBy(() -> failing.blocking().send(message(1))).isSameAs(constant);
		}
		assertThat(constant.getSuppressed()).hasSize(1);
	}

	@Test
	void closingAListEndsThePageThatIsWaitedFor() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch gone = new CountDownLatch(1);
		serve((exchange) -> {
			exchange.read();
			asked.countDown();
			try {
				exchange.awaitNext();
			}
			finally {
				gone.countDown();
			}
			return false;
		});
		Stream<Message> stream = TestTemplates.patientlyAt(this.server.url())
			.build()
			.blocking()
			.list(MessageQuery.query());
		Caller<List<Message>> caller = new Caller<>(stream::toList);
		await(asked);
		stream.close();
		assertThat(caller.result()).isEmpty();
		await(gone);
	}

	@Test
	void listsAFewMediaAtOnce() throws Exception {
		String media = "ME0123456789abcdef0123456789abcdef";
		serve((exchange) -> {
			exchange.read();
			return exchange.answer(200, "{\"media_list\":[{\"sid\":\"" + media + "\",\"parent_sid\":\"" + SID
					+ "\",\"content_type\":\"image/png\"}],\"next_page_uri\":null}");
		});
		assertThat(blocking().listMedia(SID)).singleElement()
			.satisfies((each) -> assertThat(each.sid()).isEqualTo(media));
	}

	@Test
	void givesOneResultForEachMessageInTheirOrder() throws Exception {
		// The earlier a message, the later its answer.
		CountDownLatch last = new CountDownLatch(1);
		serve((exchange) -> {
			String request = exchange.read();
			if (request.contains("Body=n9")) {
				last.countDown();
			}
			else {
				await(last);
			}
			return request.contains("Body=n3") ? exchange.answer(400, "{\"code\":21610}") : exchange.answer(201, TAKEN);
		});
		OutboundMessage twice = message(3);
		List<OutboundMessage> messages = new ArrayList<>(IntStream.range(0, 10).mapToObj((i) -> message(i)).toList());
		messages.set(3, twice);
		messages.set(5, twice);
		messages.set(7, null);
		List<SendResult> results = blocking().sendAll(messages);
		assertThat(results).hasSize(10);
		for (int i = 0; i < 10; i++) {
			SendResult result = results.get(i);
			if (i == 7) {
				assertThat(result.failure()).isInstanceOf(InvalidMessageException.class);
				continue;
			}
			assertThat(result.request()).isSameAs(messages.get(i));
			assertThat(result.isSent()).as("result %d", i).isEqualTo(i != 3 && i != 5);
		}
		assertThat(blocking().sendAll(List.of())).isEmpty();
	}

	@Test
	void readsTheMessagesOnTheCallersThreadBeforeTheFirstIsSent() {
		List<Thread> readers = new ArrayList<>();
		Iterable<OutboundMessage> failing = () -> IntStream.range(0, 200).mapToObj((i) -> {
			readers.add(Thread.currentThread());
			if (i == 150) {
				throw new IllegalArgumentException("the cursor is closed");
			}
			return message(i);
		}).iterator();
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> blocking().sendAll(failing))
			.withMessage("the cursor is closed");
		assertThat(readers).hasSize(151).containsOnly(Thread.currentThread());
		assertThat(this.server.connections()).isZero();
	}

	@Test
	void keepsTheResultsThatAreThereWhereTheOperationsFail() {
		MessagingOperations failing = new OwnOperations(TestTemplates.at(this.server.url()).build()) {

			@Override
			public Flux<SendResult> sendAll(Publisher<OutboundMessage> all) {
				return super.sendAll(all).take(2).concatWith(Mono.error(new IllegalStateException("own")));
			}

		};
		List<SendResult> results = failing.blocking()
			.sendAll(IntStream.range(0, 5).mapToObj((i) -> message(i)).toList());
		assertThat(results).hasSize(5);
		assertThat(results.stream().filter(SendResult::isSent)).hasSize(2);
		assertThat(results.stream().filter((result) -> !result.isSent()).map(SendResult::failure)).hasSize(3)
			.allSatisfy((failure) -> assertThat(failure).isInstanceOf(MessageOutcomeUnknownException.class)
				.hasRootCauseMessage("own"));
	}

	@Test
	void saysWhyAResultIsMissingWhoseOperationsChangedItsMessage() {
		MessagingOperations changing = new OwnOperations(TestTemplates.at(this.server.url()).build()) {

			@Override
			public Flux<SendResult> sendAll(Publisher<OutboundMessage> all) {
				return super.sendAll(Flux.from(all).map((each) -> each.toBuilder().body("changed").build()));
			}

		};
		assertThat(changing.blocking().sendAll(List.of(message(1), message(2)))).hasSize(2)
			.allSatisfy((result) -> assertThat(result.failure()).isInstanceOf(MessageOutcomeUnknownException.class)
				.hasMessageContaining("sendAll brought results of other messages than it was given"));
	}

	@Test
	void datesWhatItGivesUpByTheTemplatesClock() throws Exception {
		MessagingOperations stuck = new OwnOperations(TestTemplates.at(this.server.url()).build()) {

			@Override
			public Mono<Message> send(OutboundMessage message) {
				return Mono.never();
			}

			@Override
			public Flux<SendResult> sendAll(Publisher<OutboundMessage> all) {
				return Flux.empty();
			}

		};
		BlockingMessagingOperations blocking = new BlockingMessagingTemplate(stuck,
				Clock.fixed(TestTemplates.NOW, ZoneOffset.UTC));
		Caller<Message> caller = new Caller<>(() -> blocking.send(message(1)));
		caller.interrupt();
		assertThat(List.of(caller.failure(), blocking.sendAll(List.of(message(1))).get(0).failure())).allSatisfy(
				(failure) -> assertThat(((MessageOutcomeUnknownException) failure).getSendAttempt().attemptedAt())
					.isEqualTo(TestTemplates.NOW));
	}

	@Test
	void waitsForOperationsThatHaveNoBlockingFaceAsThoseOfAMock() {
		MessagingOperations template = new Mocked(TestTemplates.at(this.server.url()).build());
		BlockingMessagingOperations blocking = BlockingMessagingOperations.of(template);
		assertThat(blocking.send(message(1)).sid()).isEqualTo(SID);
		assertThat(blocking.forAccount("ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb").send(message(1)).sid()).isEqualTo(SID);
		assertThat(BlockingMessagingOperations.of(TestTemplates.at(this.server.url()).build()).send(message(1)).sid())
			.isEqualTo(SID);
	}

	@Test
	void namesTheMethodOfAMockThatReturnsNothing() {
		BlockingMessagingOperations mocked = BlockingMessagingOperations.of(new Mocked(null));
		Map<String, Callable<?>> calls = Map.of("send", () -> mocked.send(message(1)), "list",
				() -> mocked.list(MessageQuery.query()), "listMedia", () -> mocked.listMedia(SID), "mediaContent",
				() -> mocked.mediaContent(SID, "ME0123456789abcdef0123456789abcdef"), "sendAll",
				() -> mocked.sendAll(List.of(message(1))), "forAccount",
				() -> mocked.forAccount("ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"));
		calls.forEach((method, call) -> assertThatIllegalStateException().isThrownBy(call::call)
			.withMessage(
					"MessagingOperations." + method + " returned null, as a mock does that isn't told what to return"));
	}

	@Test
	void theCallersObservationIsTheParent() throws Exception {
		serve((exchange) -> exchange.read().startsWith("GET") ? exchange.answer(200, "{\"messages\":[]}")
				: exchange.answer(201, TAKEN));
		TestObservationRegistry registry = TestObservationRegistry.create();
		List<Observation> parents = new ArrayList<>();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStart(Observation.Context context) {
				if (context.getName().equals("twilio.messaging.operations")) {
					parents.add((Observation) context.getParentObservation());
				}
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		BlockingMessagingOperations blocking = TestTemplates.at(this.server.url())
			.observationRegistry(registry)
			.build()
			.blocking();
		Observation caller = Observation.start("caller", registry);
		caller.scoped(() -> {
			blocking.send("+15558675310", "Hi");
			blocking.sendAll(IntStream.range(0, 70).mapToObj((i) -> message(i)).toList());
			assertThat(blocking.list(MessageQuery.query())).isEmpty();
		});
		assertThat(parents).hasSize(72).containsOnly(caller);
		blocking.send("+15558675310", "Hi");
		assertThat(parents.get(72)).isNull();
	}

	/**
	 * Returns null where a mock would that nobody told more.
	 */
	private static final class Mocked extends OwnOperations {

		private final @Nullable MessagingOperations told;

		Mocked(@Nullable MessagingOperations told) {
			super(told);
			this.told = told;
		}

		@Override
		public Mono<Message> send(OutboundMessage message) {
			return (this.told != null) ? this.told.send(message) : null;
		}

		@Override
		public Flux<SendResult> sendAll(Iterable<OutboundMessage> messages) {
			return null;
		}

		@Override
		public Flux<Message> list(MessageQuery query) {
			return null;
		}

		@Override
		public Flux<Media> listMedia(String messageSid) {
			return null;
		}

		@Override
		public Flux<DataBuffer> mediaContent(String messageSid, String mediaSid) {
			return null;
		}

		@Override
		public MessagingOperations forAccount(String accountSid) {
			return (this.told != null) ? this : null;
		}

		@Override
		public BlockingMessagingOperations blocking() {
			return null;
		}

	}

	private List<Callable<?>> callsThatWait() {
		BlockingMessagingOperations blocking = blocking();
		String media = "ME0123456789abcdef0123456789abcdef";
		return List.of(() -> blocking.send("+15558675310", "Hi"), () -> blocking.send(message(1)),
				() -> blocking.sendOnce(message(1), "id"), () -> blocking.schedule(message(1), TestTemplates.NOW),
				() -> blocking.sendAll(List.of(message(1))), () -> blocking.fetch(SID), () -> blocking.cancel(SID),
				() -> blocking.redact(SID), () -> blocking.list(MessageQuery.query()), () -> {
					blocking.delete(SID);
					return null;
				}, () -> blocking.listMedia(SID), () -> blocking.fetchMedia(SID, media),
				() -> blocking.mediaContent(SID, media));
	}

	private boolean page(RawServer.Exchange exchange) throws IOException {
		String request = exchange.read();
		int page = request.contains("Page=") ? Integer.parseInt(request.replaceAll("(?s).*Page=(\\d).*", "$1")) : 0;
		String messages = "{\"sid\":\"SM%032x\"},{\"sid\":\"SM%032x\"}".formatted(2 * page, 2 * page + 1);
		String next = (page < 2) ? "\"" + next(page + 1) + "\"" : "null";
		return exchange.answer(200, "{\"messages\":[" + messages + "],\"next_page_uri\":" + next + "}");
	}

	private static String next(int page) {
		return "/2010-04-01/Accounts/" + TestTemplates.ACCOUNT_SID + "/Messages.json?Page=" + page;
	}

	private void serve(RawServer.Behaviour behaviour) throws Exception {
		this.server.close();
		this.server = new RawServer(behaviour);
	}

	private BlockingMessagingOperations blocking() {
		return TestTemplates.at(this.server.url()).build().blocking();
	}

	private static OutboundMessage message(int i) {
		return to("+15558675310").body("n" + i).build();
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

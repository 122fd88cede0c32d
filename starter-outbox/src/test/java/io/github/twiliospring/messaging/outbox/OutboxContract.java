package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * What holds for the outbox in every database: what is committed goes out, and each entry
 * ends as the table of its states says.
 */
abstract class OutboxContract {

	private static final String CUSTOMER = "+15558675310";

	private static final Duration QUICK = Duration.ofSeconds(2);

	private final Recorder recorder = new Recorder();

	private TwilioSimulator simulator;

	private TestOutbox test;

	/**
	 * A database without tables.
	 */
	abstract String jdbcUrl();

	abstract String platform();

	@BeforeEach
	void start() {
		this.simulator = TestOutbox.simulator();
		this.test = create(TestOutbox.template(this.simulator.baseUrl().toString())).withSchema(platform()).start();
	}

	@AfterEach
	void stop() {
		this.test.close();
		this.simulator.close();
	}

	private TestOutbox create(MessagingTemplateBuilder messaging) {
		return create(messaging, (builder) -> builder);
	}

	private TestOutbox create(MessagingTemplateBuilder messaging, UnaryOperator<JdbcMessagingOutboxBuilder> change) {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("recorder", this.recorder);
		return TestOutbox.of(jdbcUrl(), messaging, (builder) -> change
			.apply(builder.clock(this.simulator.clock()).beanFactory(beans).unresolvedAfter(QUICK)));
	}

	private void replace(UnaryOperator<JdbcMessagingOutboxBuilder> change) {
		this.test.close();
		// On a busy machine, an answer takes its time.
		this.test = create(TestOutbox.template(this.simulator.baseUrl().toString()).deadline(Duration.ofSeconds(20)),
				change)
			.start();
	}

	@Test
	void sendsWhatWasCommittedWithTheCallersDataOnceAndErasesIt() {
		this.test.transaction.executeWithoutResult((status) -> {
			OutboxEntry entry = this.test.outbox.send("ship-1", onItsWay());
			assertThat(entry.state()).isEqualTo(OutboxState.WAITING);
		});
		OutboxEntry sent = this.test.awaitState("ship-1", OutboxState.SENT);
		assertThat(this.simulator.messages()).singleElement()
			.satisfies((message) -> assertThat(message.sid()).isEqualTo(sent.messageSid()));
		assertThat(sent.attempts()).isEqualTo(1);
		assertThat(sent.endedAt()).isNotNull();
		assertThat(sent.lastStatus()).isEqualTo(MessageStatus.QUEUED);
		assertThat(this.test.database.sql("select content from twilio_outbox").query(String.class).list())
			.containsOnlyNulls();
		await().atMost(TestOutbox.TIMEOUT).until(this::tasks, (tasks) -> tasks == 0);
	}

	@Test
	void sendsNothingOfATransactionThatWasRolledBack() {
		this.test.transaction.executeWithoutResult((status) -> {
			this.test.outbox.send("ship-1", onItsWay());
			status.setRollbackOnly();
		});
		assertThat(tasks()).isZero();
		this.test.outbox.send("ship-2", to(CUSTOMER).body("On its way, too"));
		this.test.awaitState("ship-2", OutboxState.SENT);
		assertThat(this.test.outbox.find("ship-1")).isEmpty();
		assertThat(this.simulator.messages()).singleElement().matches(MessageMatcher.body("On its way, too")::matches);
	}

	@Test
	void theSameKeyAndMessageIsOneEntryFromHoweverManyThreads() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			Callable<OutboxEntry> send = () -> this.test.outbox.send("ship-1", onItsWay());
			for (Future<OutboxEntry> entry : threads.invokeAll(IntStream.range(0, 32).mapToObj((i) -> send).toList())) {
				assertThat(entry.get().key()).isEqualTo("ship-1");
			}
		}
		finally {
			threads.shutdownNow();
		}
		this.test.awaitState("ship-1", OutboxState.SENT);
		assertThat(this.test.outbox.send("ship-1", onItsWay()).state()).isEqualTo(OutboxState.SENT);
		assertThat(this.simulator.messages()).hasSize(1);
	}

	@Test
	void refusesAKeyForAnotherMessageAndTheCallersTransactionGoesOn() {
		Instant tomorrow = this.simulator.clock().instant().plus(Duration.ofDays(1));
		this.test.outbox.sendAt("remind-1", onItsWay(), tomorrow);
		this.test.transaction.executeWithoutResult((status) -> {
			assertThatExceptionOfType(OutboxKeyConflictException.class)
				.isThrownBy(() -> this.test.outbox.sendAt("remind-1", to("+15558675311").body("Something else"),
						tomorrow.plusSeconds(1)))
				.satisfies((ex) -> assertThat(ex.getDifferences()).containsExactly("Body", "To", "time"))
				.withMessageNotContainingAny("Something", "5558675", "On its way");
			this.test.outbox.send("ship-2", onItsWay());
		});
		this.test.awaitState("ship-2", OutboxState.SENT);
		assertThat(this.test.entry("remind-1").state()).isEqualTo(OutboxState.WAITING);
		assertThatExceptionOfType(OutboxKeyConflictException.class)
			.isThrownBy(() -> this.test.outbox.send("ship-2", to(CUSTOMER).body("Something else")))
			.satisfies((ex) -> assertThat(ex.getDifferences()).containsExactly("content"));
	}

	@Test
	void refusesWhatCanNeverBeSentAndKeysThatAreNone() {
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> this.test.outbox.send("ship-1", to("nobody").body("Hi")));
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> this.test.outbox.send("ship-1", onItsWay().sendAt(Instant.now())));
		for (String key : List.of("", " ", "x".repeat(101), "a\u0000b")) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.test.outbox.send(key, onItsWay()));
		}
		assertThat(tasks()).isZero();
	}

	@Test
	void anEntryThatWaitsCanBeCanceledAndIsNeverSent() {
		Instant time = this.simulator.clock().instant().plus(Duration.ofDays(1));
		this.test.outbox.sendAt("remind-1", onItsWay(), time);
		assertThat(this.test.outbox.cancel("remind-1")).isTrue();
		assertThat(this.test.outbox.cancel("remind-1")).isFalse();
		assertThat(this.recorder.await("remind-1").state()).isEqualTo(OutboxState.CANCELED);
		this.test.outbox.sendAt("remind-2", onItsWay(), time);
		this.simulator.clock().advance(Duration.ofHours(25));
		this.test.awaitState("remind-2", OutboxState.SENT);
		assertThat(this.test.outbox.cancel("remind-2")).isFalse();
		assertThat(this.simulator.messages()).hasSize(1);
	}

	@Test
	void anEntryThatWaitsCanBeRescheduledAndOneForInTwoHundredDaysIsSentThen() {
		Instant now = this.simulator.clock().instant();
		this.test.outbox.sendAt("remind-1", onItsWay(), now.plus(Duration.ofDays(200)));
		this.test.outbox.sendAt("remind-2", to(CUSTOMER).body("Sooner"), now.plus(Duration.ofDays(300)));
		assertThat(this.test.outbox.reschedule("remind-2", now)).isTrue();
		this.test.awaitState("remind-2", OutboxState.SENT);
		this.simulator.clock().advance(Duration.ofDays(199));
		assertThat(this.test.outbox.reschedule("remind-3", now)).isFalse();
		assertThat(this.test.entry("remind-1").state()).isEqualTo(OutboxState.WAITING);
		this.simulator.clock().advance(Duration.ofDays(1));
		this.test.awaitState("remind-1", OutboxState.SENT);
		assertThat(this.test.outbox.reschedule("remind-1", now)).isFalse();
	}

	@Test
	void whatSurelyWasntSentIsTriedAgain() {
		this.simulator.inject(Fault.status(429).retryAfter("1").times(1).on("POST"));
		this.simulator.inject(Fault.status(401).times(1).on("POST"));
		this.test.outbox.send("ship-1", onItsWay());
		OutboxEntry sent = this.test.awaitState("ship-1", OutboxState.SENT);
		assertThat(sent.attempts()).isEqualTo(3);
		assertThat(sent.problem()).isNull();
		assertThat(this.simulator.messages()).hasSize(1);
	}

	@Test
	void whatTheApiRefusesIsRejectedAndTheApplicationHearsOfItOnce() {
		this.simulator.inject(Fault.status(400).times(1).on("POST"));
		this.test.outbox.send("ship-1", onItsWay());
		OutboxEntry rejected = this.recorder.await("ship-1");
		assertThat(rejected.state()).isEqualTo(OutboxState.REJECTED);
		assertThat(rejected.problem()).isEqualTo("HTTP 400");
		this.test.outbox.send("ship-2", onItsWay().reference("no callback could bring it back"));
		assertThat(this.recorder.await("ship-2").problem()).isEqualTo("invalid: reference");
		await().atMost(TestOutbox.TIMEOUT).until(this::tasks, (tasks) -> tasks == 0);
		assertThat(this.recorder.entries).isEmpty();
		assertThat(this.simulator.messages()).isEmpty();
	}

	@Test
	void whatCouldntBeSentInItsTimeExpires() throws IOException {
		this.test.close();
		// Its port is nobody else's meanwhile, and nobody listens on it.
		try (Socket deaf = new Socket()) {
			deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			this.test = create(TestOutbox.template("http://127.0.0.1:" + deaf.getLocalPort())).start();
			this.test.outbox.send(OutboxRequest.of("code-1", onItsWay()).giveUpAfter(Duration.ofSeconds(3)));
			OutboxEntry expired = this.recorder.await("code-1");
			assertThat(expired.state()).isEqualTo(OutboxState.EXPIRED);
			assertThat(expired.attempts()).isPositive();
			assertThat(expired.problem()).isEqualTo("the API wasn't reached");
		}
	}

	@Test
	void theLateAnswerOfASendThatWasTakenForDeadStillCounts() {
		AtomicReference<Sinks.Empty<Void>> late = new AtomicReference<>(Sinks.empty());
		this.test.close();
		this.test = create(TestOutbox.template(this.simulator.baseUrl().toString())
			.deadline(Duration.ofSeconds(35))
			.filter((request, next) -> next.exchange(request)
				.flatMap((answer) -> late.get().asMono().thenReturn(answer))))
			.start();
		this.test.outbox.send("ship-1", onItsWay());
		takeForDead("ship-1");
		late.get().tryEmitEmpty();
		OutboxEntry sent = this.test.awaitState("ship-1", OutboxState.SENT);
		assertThat(sent.attempts()).isEqualTo(1);
		late.set(Sinks.empty());
		this.simulator.inject(Fault.status(429).times(1).on("POST"));
		this.test.outbox.send("ship-2", to(CUSTOMER).body("Another"));
		takeForDead("ship-2");
		late.get().tryEmitEmpty();
		assertThat(this.test.awaitState("ship-2", OutboxState.SENT).attempts()).isEqualTo(2);
		assertThat(this.simulator.messages()).hasSize(2);
	}

	// As another instance does whose clock is wrong; and nobody looks for the message.
	private void takeForDead(String key) {
		this.test.awaitState(key, OutboxState.SENDING);
		assertThat(this.test.database.sql(
				"update twilio_outbox set state = 'unknown', version = version + 1, next_at = null where message_key = ?")
			.param(key)
			.update()).isEqualTo(1);
	}

	@Test
	void aMessageWhoseAnswerWasLostIsFoundAndNotSentAgain() {
		this.simulator.inject(Fault.resetAfter().times(1).on("POST"));
		this.test.outbox.send("ship-1", onItsWay());
		OutboxEntry sent = this.test.awaitState("ship-1", OutboxState.SENT);
		assertThat(this.simulator.messages()).singleElement()
			.satisfies((message) -> assertThat(message.sid()).isEqualTo(sent.messageSid()));
	}

	@Test
	void twoEntriesWithOneTextDontSettleEachOther() {
		this.simulator.inject(Fault.resetAfter().times(1).on("POST"));
		this.test.outbox.send("ship-1", onItsWay());
		this.test.outbox.send("ship-2", onItsWay());
		// The first that was found owns its message: the other mustn't take it.
		this.test.awaitState("ship-1", OutboxState.SENT);
		this.test.awaitState("ship-2", OutboxState.SENT);
		assertThat(this.test.entry("ship-1").messageSid()).isNotEqualTo(this.test.entry("ship-2").messageSid());
		this.simulator.inject(Fault.resetAfter().times(1).on("POST"));
		this.simulator.inject(Fault.status(500).times(1).on("POST"));
		this.test.outbox.send("ship-3", to(CUSTOMER).body("Again"));
		this.test.outbox.send("ship-4", to(CUSTOMER).body("Again"));
		this.test.awaitState("ship-3", OutboxState.UNRESOLVED);
		this.test.awaitState("ship-4", OutboxState.UNRESOLVED);
		assertThat(this.simulator.messages().stream().filter(MessageMatcher.body("Again")::matches)).hasSize(1);
		assertThat(this.test.outbox.unresolved()).extracting(OutboxEntry::key)
			.containsExactlyInAnyOrder("ship-3", "ship-4");
		assertThat(this.test.outbox.resolve("ship-3", Resolution.SENT)).isTrue();
		assertThat(this.test.outbox.resolve("ship-4", Resolution.DROP)).isTrue();
		assertThat(this.test.entry("ship-3").state()).isEqualTo(OutboxState.SENT);
		assertThat(this.test.entry("ship-4").state()).isEqualTo(OutboxState.CANCELED);
		assertThat(this.test.outbox.resolve("ship-4", Resolution.SEND_AGAIN)).isFalse();
	}

	@Test
	void whatNobodyCanFindOutIsHeldSentAgainOrDroppedAsTheEntrySays() {
		this.simulator.inject(Fault.status(500).times(3).on("POST"));
		int number = 0;
		for (OnUnresolved decision : OnUnresolved.values()) {
			this.test.outbox.send(
					OutboxRequest.of(decision.name(), to(CUSTOMER).body("Message " + number++)).onUnresolved(decision));
		}
		assertThat(List.of(this.recorder.next(), this.recorder.next())).extracting(OutboxEntry::key, OutboxEntry::state)
			.containsExactlyInAnyOrder(tuple("HOLD", OutboxState.UNRESOLVED), tuple("DROP", OutboxState.CANCELED));
		this.test.awaitState("SEND_AGAIN", OutboxState.SENT);
		assertThat(this.simulator.messages()).singleElement().matches(MessageMatcher.body("Message 1")::matches);
	}

	@Test
	void whatNobodyCanFindOutIsDroppedWhereTheApplicationSaysSoUnlessTheEntrySaysElse() {
		replace((builder) -> builder.onUnresolved(OnUnresolved.DROP));
		this.simulator.inject(Fault.status(500).times(2).on("POST"));
		this.test.outbox.send("ship-1", onItsWay());
		this.test.outbox.send(OutboxRequest.of("ship-2", to(CUSTOMER).body("Another")).onUnresolved(OnUnresolved.HOLD));
		assertThat(List.of(this.recorder.next(), this.recorder.next())).extracting(OutboxEntry::key, OutboxEntry::state)
			.containsExactlyInAnyOrder(tuple("ship-1", OutboxState.CANCELED), tuple("ship-2", OutboxState.UNRESOLVED));
		assertThat(this.simulator.messages()).isEmpty();
	}

	@Test
	void whateverAnEntryEndsAsItsNumberAndTextAreErased() {
		endInEachWay();
		assertThat(contents()).hasSize(4).containsOnlyNulls();
	}

	@Test
	void whateverAnEntryEndsAsItsNumberAndTextAreKeptWhereTheApplicationSaysSo() {
		replace((builder) -> builder.keepContent(true));
		endInEachWay();
		assertThat(contents()).hasSize(4)
			.allSatisfy((content) -> assertThat(content).contains("5558675310", "On its way"));
	}

	private void endInEachWay() {
		this.test.outbox.send("sent", onItsWay());
		this.test.awaitState("sent", OutboxState.SENT);
		this.simulator.inject(Fault.status(400).times(1).on("POST"));
		this.test.outbox.send("rejected", onItsWay());
		this.test.awaitState("rejected", OutboxState.REJECTED);
		this.test.outbox.sendAt("canceled", onItsWay(), this.simulator.clock().instant().plus(Duration.ofDays(1)));
		assertThat(this.test.outbox.cancel("canceled")).isTrue();
		this.test.awaitState("canceled", OutboxState.CANCELED);
		this.simulator.inject(Fault.status(429).on("POST"));
		this.test.outbox.send(OutboxRequest.of("expired", onItsWay()).giveUpAfter(Duration.ofSeconds(1)));
		this.test.awaitState("expired", OutboxState.EXPIRED);
	}

	private List<String> contents() {
		return this.test.database.sql("select content from twilio_outbox").query(String.class).list();
	}

	@Test
	void laterStatusUpdatesAreKeptAndNeverGoBack() {
		this.test.outbox.send("ship-1", onItsWay());
		String sid = this.test.awaitState("ship-1", OutboxState.SENT).messageSid();
		update(sid, "delivered");
		update(sid, "sent");
		assertThat(this.test.entry("ship-1").lastStatus()).isEqualTo(MessageStatus.DELIVERED);
		update(sid, "a status of tomorrow");
		assertThat(this.test.entry("ship-1").lastStatus()).isEqualTo(MessageStatus.DELIVERED);
	}

	@Test
	void insertsManyInPortionsAndTheSameAgainInsertsNone() {
		Instant tomorrow = this.simulator.clock().instant().plus(Duration.ofDays(1));
		assertThat(this.test.outbox.sendAll(many(1200, tomorrow))).isEqualTo(1200);
		assertThat(tasks()).isEqualTo(1200);
		assertThat(this.test.outbox.sendAll(many(1201, tomorrow))).isEqualTo(1);
		assertThat(this.test.outbox.sendAll(many(3, tomorrow).map((request) -> request))).isZero();
		assertThatExceptionOfType(OutboxKeyConflictException.class)
			.isThrownBy(() -> this.test.outbox.sendAll(many(3, tomorrow.plusSeconds(1))));
	}

	@Test
	void whatThisVersionCantReadHoldsUpNothingElse() {
		Instant soon = this.simulator.clock().instant().plus(Duration.ofDays(1));
		this.test.outbox.sendAt("of-tomorrow", onItsWay(), soon);
		this.test.database.sql("update twilio_outbox set content = ?")
			.param("{\"To\":\"+15558675310\",\"ParameterOfTomorrow\":\"x\"}")
			.update();
		this.test.outbox.reschedule("of-tomorrow", this.simulator.clock().instant());
		this.test.outbox.send("ship-1", onItsWay());
		this.test.awaitState("ship-1", OutboxState.SENT);
		await().atMost(TestOutbox.TIMEOUT)
			.until(() -> this.test.entry("of-tomorrow").problem(), "this version can't read the content"::equals);
		assertThat(this.test.entry("of-tomorrow").state()).isEqualTo(OutboxState.WAITING);
		assertThat(this.simulator.messages()).hasSize(1);
	}

	@Test
	void anEntryThatEndedLongAgoIsDeleted() {
		this.test.outbox.send("ship-1", onItsWay());
		this.test.awaitState("ship-1", OutboxState.SENT);
		this.simulator.clock().advance(Duration.ofDays(29));
		this.test.outbox.send("ship-2", onItsWay());
		this.test.awaitState("ship-2", OutboxState.SENT);
		assertThat(this.test.outbox.find("ship-1")).isPresent();
		this.simulator.clock().advance(Duration.ofDays(2));
		await().atMost(TestOutbox.TIMEOUT).until(() -> this.test.outbox.find("ship-1").isEmpty());
		assertThat(this.test.outbox.find("ship-2")).isPresent();
	}

	private static OutboundMessageBuilder onItsWay() {
		return to(CUSTOMER).body("On its way");
	}

	private static Stream<OutboxRequest> many(int number, Instant when) {
		return IntStream.range(0, number).mapToObj((i) -> {
			OutboundMessage message = to(CUSTOMER).body("Number " + i).build();
			return OutboxRequest.of("many-" + i, message).at(when);
		});
	}

	private void update(String sid, String status) {
		this.test.outbox.settle(StatusUpdate.of(Map.of("MessageSid", List.of(sid), "AccountSid",
				List.of(this.simulator.accountSid()), "MessageStatus", List.of(status)), Map.of()));
	}

	private int tasks() {
		return this.test.database.sql("select count(*) from twilio_outbox_tasks").query(Integer.class).single();
	}

	/**
	 * Hears of what a person would want to know.
	 */
	static class Recorder {

		final BlockingQueue<OutboxEntry> entries = new LinkedBlockingQueue<>();

		@OutboxUpdate({ OutboxState.UNRESOLVED, OutboxState.REJECTED, OutboxState.EXPIRED, OutboxState.CANCELED })
		void tell(OutboxEntry entry) {
			this.entries.add(entry);
		}

		OutboxEntry next() {
			try {
				OutboxEntry entry = this.entries.poll(TestOutbox.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
				assertThat(entry).as("an entry that is told of").isNotNull();
				return entry;
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		}

		OutboxEntry await(String key) {
			OutboxEntry entry = next();
			assertThat(entry.key()).isEqualTo(key);
			return entry;
		}

	}

}

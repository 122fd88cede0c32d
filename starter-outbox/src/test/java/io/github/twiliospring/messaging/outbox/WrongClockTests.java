package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static java.time.temporal.ChronoUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * Machines whose clock is wrong, beside a database whose clock is right; and a clock that
 * is moved in a test.
 */
class WrongClockTests {

	private static final String CUSTOMER = "+15558675310";

	private static final Duration HEARTBEAT = Duration.ofSeconds(1);

	private TwilioSimulator simulator = TestOutbox.simulator();

	@AfterEach
	void close() {
		this.simulator.close();
	}

	private TestOutbox open(String url, MovableClock machine, Duration heartbeat) {
		return TestOutbox.of(url,
				TestOutbox.template(this.simulator.baseUrl().toString()).deadline(Duration.ofSeconds(30)),
				(builder) -> builder.clock(machine)
					.machineClock(machine)
					.heartbeat(heartbeat)
					.pollInterval(Duration.ofMillis(50))
					.inFlight(3));
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, -10 })
	void aMachineThatIsTenMinutesOffSendsNothingEarlyOrLate(int minutes) {
		MovableClock machine = new MovableClock();
		machine.move(Duration.ofMinutes(minutes));
		try (TestOutbox test = open(TestDatabase.POSTGRESQL.create(), machine, HEARTBEAT).withSchema("postgresql")
			.start()) {
			Instant due = Instant.now().plusSeconds(3);
			test.outbox.sendAt("far", to(CUSTOMER).body("Far"), due.plus(Duration.ofMinutes(5)));
			test.outbox.sendAt("soon", to(CUSTOMER).body("Soon"), due);
			this.simulator.awaitMessage(MessageMatcher.body("Soon"), TestOutbox.TIMEOUT);
			assertThat(Instant.now()).isAfterOrEqualTo(due);
			test.outbox.send("now", to(CUSTOMER).body("Now"));
			OutboxEntry now = test.awaitState("now", OutboxState.SENT);
			assertThat(now.endedAt()).isCloseTo(Instant.now(), within(5, MINUTES));
			assertThat(test.entry("far").state()).isEqualTo(OutboxState.WAITING);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aMachineThatIsTenMinutesOffTakesNobodyForDead(TestDatabase database) {
		String url = database.create();
		MovableClock ahead = new MovableClock();
		ahead.move(Duration.ofMinutes(10));
		MovableClock behind = new MovableClock();
		behind.move(Duration.ofMinutes(-10));
		// Each is longer on its way than four heartbeats, which a busy machine may delay.
		this.simulator.inject(Fault.delay(Duration.ofSeconds(5)).on("POST"));
		try (TestOutbox first = open(url, ahead, HEARTBEAT).withSchema(database.platform()).start();
				TestOutbox second = open(url, behind, HEARTBEAT).start()) {
			for (int number = 0; number < 6; number++) {
				second.outbox.send("entry-" + number, to(CUSTOMER).body("Number " + number));
			}
			Set<String> states = new HashSet<>();
			Set<String> instances = new HashSet<>();
			await().atMost(TestOutbox.TIMEOUT).pollInterval(Duration.ofMillis(20)).until(() -> {
				states
					.addAll(second.database.sql("select distinct state from twilio_outbox").query(String.class).list());
				instances.addAll(second.database.sql("select picked_by from twilio_outbox_tasks where picked")
					.query(String.class)
					.list());
				return second.database.sql("select count(*) from twilio_outbox where state = 'sent'")
					.query(Integer.class)
					.single() == 6;
			});
			assertThat(instances).as("instances that had a part in it").hasSize(2);
			assertThat(states).isSubsetOf("waiting", "sending", "sent");
			assertThat(first.outbox.unresolved()).isEmpty();
			assertThat(this.simulator.messages()).hasSize(6);
		}
	}

	@Test
	void aMachinesClockThatIsPutWrongOrRightIsNoticed() {
		MovableClock machine = new MovableClock();
		try (TestOutbox test = open(TestDatabase.H2.create(), machine, Duration.ofMillis(250)).withSchema("h2")
			.start()) {
			for (int minutes : new int[] { 10, -10 }) {
				machine.move(Duration.ofMinutes(minutes));
				await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(200)).until(() -> {
					Instant later = Instant.now().plus(Duration.ofDays(1));
					String key = "probe-" + System.nanoTime();
					Instant created = test.outbox.sendAt(key, to(CUSTOMER).body(key), later).createdAt();
					return Duration.between(created, Instant.now()).abs().toMillis() < 2000;
				});
				test.outbox.send("now-" + minutes, to(CUSTOMER).body("Now " + minutes));
				test.awaitState("now-" + minutes, OutboxState.SENT);
			}
			assertThat(this.simulator.messages()).hasSize(2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aSimulatorThatIsTwoHundredDaysOnSendsTheReminderOnceAndAtOnce(TestDatabase database) {
		this.simulator.close();
		this.simulator = TwilioSimulator.builder().manualClock().authToken("0123456789abcdef0123456789abcdef").start();
		try (TestOutbox test = TestOutbox
			.of(database.create(), TestOutbox.template(this.simulator.baseUrl().toString()),
					(builder) -> builder.clock(this.simulator.clock()).pollInterval(Duration.ofSeconds(1)))
			.withSchema(database.platform())
			.start()) {
			Instant visit = this.simulator.clock().instant().plus(Duration.ofDays(200));
			test.outbox.sendAt("remind", to(CUSTOMER).body("See you"), visit);
			test.outbox.sendAt("next", to(CUSTOMER).body("And again"), visit.plusSeconds(1));
			// As in 200 days without the application.
			test.outbox.sendAt("leapt-over", to(CUSTOMER).body("Too late"), visit.minus(Duration.ofDays(100)));
			this.simulator.clock().advance(Duration.ofDays(200));
			long start = System.nanoTime();
			test.awaitState("remind", OutboxState.SENT);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
			test.awaitState("leapt-over", OutboxState.EXPIRED);
			assertThat(test.entry("next").state()).isEqualTo(OutboxState.WAITING);
			this.simulator.clock().advance(Duration.ofSeconds(1));
			test.awaitState("next", OutboxState.SENT);
			assertThat(this.simulator.messages()).hasSize(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = "H2", mode = EnumSource.Mode.EXCLUDE)
	void aClockThatJumpsWhileASendIsOnTheWireTakesNobodyForDead(TestDatabase database) throws IOException {
		String url = database.create();
		CountDownLatch answer = new CountDownLatch(1);
		try (ScriptedApi api = new ScriptedApi(this.simulator);
				TestOutbox first = simulated(url, api).withSchema(database.platform()).start();
				TestOutbox second = simulated(url, api).start()) {
			Journal journal = new Journal(first);
			api.script("On the wire", (call) -> {
				answer.await();
				return call.pass();
			});
			first.outbox.send("on-the-wire", to(CUSTOMER).body("On the wire"));
			await().atMost(TestOutbox.TIMEOUT).until(() -> api.creates("On the wire") == 1);
			// A heartbeat may come between one jump and who looks for the dead.
			for (int jump = 0; jump < 8; jump++) {
				String key = "remind-" + jump;
				second.outbox.sendAt(key, to(CUSTOMER).body(key),
						this.simulator.clock().instant().plus(Duration.ofDays(25)));
				this.simulator.clock().advance(Duration.ofDays(25));
				second.awaitState(key, OutboxState.SENT);
			}
			answer.countDown();
			first.awaitState("on-the-wire", OutboxState.SENT);
			assertThat(journal.of("on-the-wire")).isEqualTo("waiting → sending → sent");
			assertThat(this.simulator.messages()).hasSize(9);
		}
	}

	private TestOutbox simulated(String url, ScriptedApi api) {
		return TestOutbox.of(url, TestOutbox.template(api.url()).deadline(Duration.ofSeconds(35)),
				(builder) -> builder.clock(this.simulator.clock()).heartbeat(Duration.ofSeconds(2)));
	}

	@ParameterizedTest
	@EnumSource
	void aClockThatIsMovedBackSendsNothingEarlyOrTwice(TestDatabase database) {
		MovableClock application = new MovableClock();
		try (TestOutbox test = TestOutbox
			.of(database.create(), TestOutbox.template(this.simulator.baseUrl().toString()),
					(builder) -> builder.clock(application))
			.withSchema(database.platform())
			.start()) {
			Instant now = application.instant();
			test.outbox.sendAt("first", to(CUSTOMER).body("First"), now.plus(Duration.ofDays(10)));
			test.outbox.sendAt("second", to(CUSTOMER).body("Second"), now.plus(Duration.ofDays(20)));
			application.move(Duration.ofDays(10));
			test.awaitState("first", OutboxState.SENT);
			application.move(Duration.ofDays(-15));
			test.outbox.send("now", to(CUSTOMER).body("Now"));
			test.awaitState("now", OutboxState.SENT);
			assertThat(test.entry("second").state()).isEqualTo(OutboxState.WAITING);
			application.move(Duration.ofDays(25));
			test.awaitState("second", OutboxState.SENT);
			assertThat(this.simulator.messages()).hasSize(3);
		}
	}

	@ParameterizedTest
	@EnumSource
	void anEntryForATimeThatIsLongPastIsSentAndDoesntExpire(TestDatabase database) {
		try (TestOutbox test = TestOutbox
			.of(database.create(), TestOutbox.template(this.simulator.baseUrl().toString()),
					(builder) -> builder.giveUpAfter(Duration.ofHours(1)))
			.withSchema(database.platform())
			.start()) {
			Instant now = Instant.now();
			test.outbox.sendAt("past", to(CUSTOMER).body("Past"), now.minus(Duration.ofDays(2)));
			test.outbox.sendAt("past", to(CUSTOMER).body("Past"), now.minus(Duration.ofDays(2)));
			test.outbox.sendAt("moved", to(CUSTOMER).body("Moved"), now.plus(Duration.ofDays(2)));
			assertThat(test.outbox.reschedule("moved", Instant.EPOCH)).isTrue();
			test.awaitState("past", OutboxState.SENT);
			test.awaitState("moved", OutboxState.SENT);
		}
	}

	/**
	 * A clock that runs with the system's, ahead of it or behind.
	 */
	private static final class MovableClock extends Clock {

		private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

		void move(Duration further) {
			this.ahead.accumulateAndGet(further, Duration::plus);
		}

		@Override
		public Instant instant() {
			return Instant.now().plus(this.ahead.get());
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}

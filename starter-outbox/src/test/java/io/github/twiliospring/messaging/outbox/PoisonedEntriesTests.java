package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.simulator.SimulatedMessage;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Entries that can't be sent as they are, ahead of others that can.
 */
class PoisonedEntriesTests {

	private static final String CUSTOMER = "+15558675310";

	private static final String OPTED_OUT = "+15558675311";

	private static final int NUMBER = 25;

	@ParameterizedTest
	@EnumSource
	void aHundredPoisonedEntriesDontHoldUpAHundredGoodOnes(TestDatabase database) {
		Set<String> heard = ConcurrentHashMap.newKeySet();
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("handler", new FailingHandler(heard));
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = TestOutbox
					.of(database.create(), withoutSender(simulator),
							(builder) -> builder.beanFactory(beans).inFlight(4))
					.withSchema(database.platform())) {
			simulator.receive(OPTED_OUT, TestOutbox.FROM, "STOP");
			Instant due = Instant.now().minusSeconds(60);
			test.outbox.sendAll(Stream.of(entries("rejected", to(OPTED_OUT).from(TestOutbox.FROM).body("Hi")),
					// It had one when it was written.
					entries("senderless", to(CUSTOMER).body("Hi")),
					entries("tomorrows", to(CUSTOMER).from(TestOutbox.FROM).body("Hi")),
					entries("undecided", to(CUSTOMER).from(TestOutbox.FROM).body("Hi")))
				.flatMap((each) -> each));
			test.database.sql("update twilio_outbox set content = ? where message_key like 'tomorrows%'")
				.param("{\"To\":\"+15558675310\",\"ParameterOfTomorrow\":\"x\"}")
				.update();
			test.database.sql("update twilio_outbox set state = 'paused' where message_key like 'undecided%'").update();
			assertThat(test.database.sql("update twilio_outbox set send_at = ?, next_at = ?")
				.params(Dialect.of(test.dataSource).time(due), Dialect.of(test.dataSource).time(due))
				.update()).isEqualTo(4 * NUMBER);
			test.outbox.sendAll(IntStream.range(0, 4 * NUMBER)
				.mapToObj((number) -> OutboxRequest.of("good-" + number,
						to(CUSTOMER).from(TestOutbox.FROM).body("Number " + number))));
			test.start();
			await().atMost(TestOutbox.TIMEOUT).until(() -> states(test, "good"), Map.of("sent", 4 * NUMBER)::equals);
			await().atMost(TestOutbox.TIMEOUT).until(() -> heard.size() == 2 * NUMBER);
			assertThat(states(test, "rejected")).isEqualTo(Map.of("rejected", NUMBER));
			assertThat(states(test, "senderless")).isEqualTo(Map.of("rejected", NUMBER));
			assertThat(states(test, "tomorrows")).isEqualTo(Map.of("waiting", NUMBER));
			assertThat(states(test, "undecided")).isEqualTo(Map.of("paused", NUMBER));
			assertThat(test.entry("senderless-0").problem()).startsWith("invalid: ");
			assertThat(sent(simulator)).hasSize(4 * NUMBER);
			// And all of them together don't hold up what comes later.
			test.outbox.send("last", to(CUSTOMER).from(TestOutbox.FROM).body("Last"));
			await().atMost(TestOutbox.TIMEOUT).until(() -> states(test, "last"), Map.of("sent", 1)::equals);
		}
	}

	private static List<SimulatedMessage> sent(TwilioSimulator simulator) {
		return simulator.messages().stream().filter((message) -> message.to().equals(CUSTOMER)).toList();
	}

	private static MessagingTemplateBuilder withoutSender(TwilioSimulator simulator) {
		return MessagingTemplate.builder(simulator.accountSid(), simulator.authToken()).baseUrl(simulator.baseUrl());
	}

	private static Stream<OutboxRequest> entries(String name, OutboundMessageBuilder message) {
		return IntStream.range(0, NUMBER).mapToObj((number) -> OutboxRequest.of(name + "-" + number, message));
	}

	private static Map<String, Integer> states(TestOutbox test, String name) {
		return test.database
			.sql("select state, count(*) from twilio_outbox where message_key like '" + name + "%' group by state")
			.query((row, number) -> Map.entry(row.getString(1), row.getInt(2)))
			.list()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	/**
	 * A method that never gets through with what it hears.
	 */
	private static final class FailingHandler {

		private final Set<String> heard;

		FailingHandler(Set<String> heard) {
			this.heard = heard;
		}

		@OutboxUpdate(OutboxState.REJECTED)
		void tell(OutboxEntry entry) {
			this.heard.add(entry.key());
			throw new IllegalStateException("on purpose");
		}

	}

}

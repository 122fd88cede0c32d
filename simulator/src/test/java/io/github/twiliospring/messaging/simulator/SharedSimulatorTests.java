package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Eight at once: with a simulator each, and with an account each on a shared one.
 */
class SharedSimulatorTests {

	private static final int PARALLEL = 8;

	private static final int MESSAGES = 25;

	@Test
	void keepsEightAccountsOnOneSimulatorApart() throws Exception {
		try (TwilioSimulator shared = TwilioSimulator.builder().delay(Duration.ofMillis(1)).start()) {
			inParallel((number) -> {
				String account = "AC" + String.valueOf(number).repeat(32);
				try (CallbackReceiver receiver = new CallbackReceiver()) {
					use(shared, new ApiClient(shared.baseUrl(), account, account, "token-" + number), account,
							receiver);
				}
			});
			assertThat(shared.messages()).isEmpty();
		}
	}

	@Test
	void forgetsTheRulesAndFaultsOfAnAccountWithIt() {
		String mine = "AC" + "1".repeat(32);
		String other = "AC" + "2".repeat(32);
		try (TwilioSimulator shared = TwilioSimulator.builder().manualClock().start()) {
			for (String account : new String[] { mine, other }) {
				shared.fail(MessageMatcher.body("Hi").and(MessageMatcher.account(account)), 30003);
				shared.inject(Fault.status(503).account(account));
				shared.inject(Fault.dropCallbacks().account(account));
			}
			ApiClient api = new ApiClient(shared.baseUrl(), mine, mine, "token");
			assertThat(api.send().status()).isEqualTo(503);
			api.post("/simulator/accounts", "account_sid", mine, "auth_token", "token");
			shared.reset(mine);
			String sid = api.send().sid();
			shared.clock().advance(Duration.ofMinutes(1));
			assertThat(api.fetch(sid).text("status")).isEqualTo("delivered");
			assertThat(api.get("/simulator/faults").json().get("faults")).hasSize(2)
				.allSatisfy((fault) -> assertThat(fault.get("account_sid").asString()).isEqualTo(other));
			assertThat(api.get("/simulator/outcomes").json().get("outcomes")).hasSize(1);
		}
	}

	@Test
	void keepsEightSimulatorsApart() throws Exception {
		inParallel((number) -> {
			try (TwilioSimulator own = TwilioSimulator.builder().delay(Duration.ofMillis(1)).start();
					CallbackReceiver receiver = new CallbackReceiver()) {
				use(own, new ApiClient(own), own.accountSid(), receiver);
			}
		});
	}

	private static void use(TwilioSimulator simulator, ApiClient api, String account, CallbackReceiver receiver) {
		MessageMatcher mine = MessageMatcher.account(account);
		simulator.undeliver(mine.and(MessageMatcher.body("Hi")), 30003);
		simulator.inject(Fault.status(503).account(account).times(1));
		simulator.inject(Fault.duplicateCallbacks().account("AC" + "0".repeat(32)));
		assertThat(api.send().status()).isEqualTo(503);
		for (int i = 0; i < MESSAGES; i++) {
			String sid = api.send("StatusCallback", receiver.url("/" + account)).sid();
			MessageMatcher message = mine.and(MessageMatcher.sid(sid));
			assertThat(simulator.awaitCallback(message, MessageStatus.SENT).attempts()).singleElement()
				.extracting(SimulatedCallback.Attempt::httpStatus, SimulatedCallback.Attempt::failure)
				.containsExactly(204, null);
			SimulatedCallback callback = simulator.awaitCallback(message, MessageStatus.UNDELIVERED);
			assertThat(callback.parameters()).containsEntry("AccountSid", account);
		}
		JsonNode list = api.get("/Messages.json?PageSize=1000").json();
		assertThat(list.get("messages")).hasSize(MESSAGES)
			.allSatisfy((message) -> assertThat(message.get("account_sid").asString()).isEqualTo(account));
		assertThat(receiver.received()).hasSize(2 * MESSAGES)
			.allSatisfy((request) -> assertThat(request.url()).endsWith(account));
		simulator.reset(account);
		assertThat(api.get("/Messages.json").json().get("messages")).isEmpty();
	}

	private static void inParallel(Work work) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);
		try {
			List<Future<?>> all = IntStream.rangeClosed(1, PARALLEL)
				.<Future<?>>mapToObj((number) -> threads.submit(() -> {
					work.run(number);
					return null;
				}))
				.toList();
			for (Future<?> each : all) {
				each.get(60, TimeUnit.SECONDS);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private interface Work {

		void run(int number) throws Exception;

	}

}

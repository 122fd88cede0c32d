package io.github.twiliospring.messaging.simulator;

import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Calls of the API that go wrong on demand, and limits that a client runs into.
 */
class FaultTests {

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension((builder) -> builder.seed(1));

	private TwilioSimulator simulator;

	private ApiClient api;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.api = new ApiClient(this.simulator);
	}

	@Test
	void answersAStatusForTheNextCallsAndDoesNothing() {
		this.simulator.inject(Fault.status(429).retryAfter("2").times(2));
		for (int i = 0; i < 2; i++) {
			Answer answer = this.api.send();
			assertThat(answer.status()).isEqualTo(429);
			assertThat(answer.json().get("code").asInt()).isEqualTo(20429);
			assertThat(answer.response().headers().firstValue("Retry-After")).contains("2");
		}
		assertThat(this.simulator.messages()).isEmpty();
		assertThat(this.api.send().status()).isEqualTo(201);
		assertThat(this.simulator.requests()).extracting(SimulatedRequest::status).containsExactly(429, 429, 201);
	}

	@Test
	void answersHtmlWhereAProxyWould() {
		this.simulator.inject(Fault.status(502).times(1));
		Answer answer = this.api.send();
		assertThat(answer.status()).isEqualTo(502);
		assertThat(answer.response().body()).startsWith("<html>");
	}

	@Test
	void resetsTheConnectionBeforeAnythingIsDone() {
		this.simulator.inject(Fault.resetBefore().on("POST").times(2));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this.api::send);
		assertThat(this.simulator.messages()).isEmpty();
	}

	@Test
	void resetsTheConnectionAfterTheMessageWasCreated() {
		this.simulator.inject(Fault.resetAfter().on("POST").times(1));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this.api::send);
		assertThat(this.simulator.messages()).hasSize(1);
	}

	@Test
	void breaksAnAnswerOffInItsMiddle() {
		this.simulator.inject(Fault.truncate().times(1));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this.api::send);
		assertThat(this.simulator.messages()).hasSize(1);
		assertThat(this.api.send().status()).isEqualTo(201);
	}

	@Test
	void neverAnswersAndStaysUsable() {
		this.simulator.inject(Fault.hang().times(1).on("GET"));
		assertThatIOException()
			.isThrownBy(() -> HttpClient.newHttpClient()
				.send(this.api.request("/Messages.json").GET().timeout(Duration.ofMillis(200)).build(),
						BodyHandlers.ofString()))
			.isInstanceOf(HttpTimeoutException.class);
		assertThat(this.api.send().status()).isEqualTo(201);
	}

	@Test
	void answersLate() {
		this.simulator.inject(Fault.delay(Duration.ofMillis(150)).times(1));
		long start = System.nanoTime();
		assertThat(this.api.send().status()).isEqualTo(201);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
	}

	@Test
	void failsAShareThatItsSeedDecides() {
		this.simulator.inject(Fault.status(500).share(0.3));
		long failed = IntStream.range(0, 200).filter((i) -> this.api.send().status() == 500).count();
		assertThat(failed).isBetween(40L, 80L);
		try (TwilioSimulator same = TwilioSimulator.builder().manualClock().seed(1).start()) {
			same.inject(Fault.status(500).share(0.3));
			ApiClient client = new ApiClient(same);
			assertThat(IntStream.range(0, 200).filter((i) -> client.send().status() == 500).count()).isEqualTo(failed);
		}
	}

	@Test
	void failsOneAccountAlone() {
		this.simulator.inject(Fault.status(503).account(this.simulator.accountSid()));
		String other = "AC" + "c".repeat(32);
		assertThat(this.api.send().status()).isEqualTo(503);
		assertThat(new ApiClient(this.simulator.baseUrl(), other, other, "any").send().status()).isEqualTo(201);
	}

	@Test
	void queuesAtASendersRateUntilFourHoursAreFull() {
		this.simulator.configure((directory) -> directory.put(new PhoneNumber(ApiClient.FROM, null, 1.0 / 3600)));
		String[] sids = IntStream.range(0, 4)
			.mapToObj((i) -> this.api.send("ValidityPeriod", "14400").sid())
			.toArray(String[]::new);
		Answer full = this.api.send();
		assertThat(full.status()).isEqualTo(429);
		assertThat(full.json().get("code").asInt()).isEqualTo(21611);
		this.simulator.clock().advance(Duration.ofHours(1));
		assertThat(this.api.fetch(sids[0]).text("status")).isEqualTo("delivered");
		assertThat(this.api.fetch(sids[2]).text("status")).isEqualTo("queued");
		String impatient = this.api.send("ValidityPeriod", "60").sid();
		this.simulator.clock().advance(Duration.ofMinutes(1));
		assertThat(this.api.fetch(impatient).text("status")).isEqualTo("failed");
		assertThat(this.api.fetch(impatient).json().get("error_code").asInt()).isEqualTo(30036);
	}

	@Test
	void failsWhatAServicesQueueCannotHoldAsAnOverflow() {
		this.simulator.configure((directory) -> {
			directory.put(new PhoneNumber(ApiClient.FROM, null, 1.0 / 3600));
			directory.put(new MessagingService(ApiClient.SERVICE, List.of(ApiClient.FROM), null, null));
		});
		String[] sids = IntStream.range(0, 6)
			.mapToObj((i) -> this.api.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi")
				.sid())
			.toArray(String[]::new);
		this.simulator.clock().advance(Duration.ofMinutes(1));
		assertThat(this.api.fetch(sids[3]).text("status")).isEqualTo("queued");
		assertThat(this.api.fetch(sids[4]).text("status")).isEqualTo("failed");
		assertThat(this.api.fetch(sids[4]).json().get("error_code").asInt()).isEqualTo(30001);
		this.simulator.clock().advance(Duration.ofHours(4));
		assertThat(this.api.fetch(sids[3]).text("status")).isEqualTo("delivered");
	}

	@Test
	void sendsFromATrialAccountToVerifiedNumbersOnly() {
		this.simulator.configure((directory) -> directory.restrictTo(Set.of(ApiClient.TO)));
		assertThat(this.api.send().status()).isEqualTo(201);
		Answer refused = this.api.create("To", "+15550001111", "From", ApiClient.FROM, "Body", "Hi");
		assertThat(refused.json().get("code").asInt()).isEqualTo(21608);
		assertThat(this.api.get("/2010-04-01/Accounts/" + this.simulator.accountSid() + ".json").text("type"))
			.isEqualTo("Trial");
	}

	@Test
	void refusesWhatItDoesNotKnowWhenStrict() {
		try (TwilioSimulator strict = TwilioSimulator.builder()
			.strict(true)
			.configure((directory) -> directory.put(new PhoneNumber(ApiClient.FROM, null, 0)))
			.start()) {
			ApiClient known = new ApiClient(strict);
			assertThat(known.send().status()).isEqualTo(201);
			assertThat(
					known.create("To", ApiClient.TO, "From", "+15017122669", "Body", "Hi").json().get("code").asInt())
				.isEqualTo(21606);
			Answer service = known.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi");
			assertThat(service.status()).isEqualTo(404);
			assertThat(service.json().get("code").asInt()).isEqualTo(21701);
			String other = "AC" + "d".repeat(32);
			assertThat(new ApiClient(strict.baseUrl(), other, other, "any").send().status()).isEqualTo(401);
		}
	}

}

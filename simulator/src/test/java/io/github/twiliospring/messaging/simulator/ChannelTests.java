package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What WhatsApp has that phones and other channels have not.
 */
class ChannelTests {

	private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

	private static final String USER = "whatsapp:" + ApiClient.TO;

	private static final String SHOP = "whatsapp:" + ApiClient.FROM;

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension(
			(builder) -> builder.manualClock(START).seed(2));

	private TwilioSimulator simulator;

	private ApiClient api;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.api = new ApiClient(this.simulator);
	}

	@Test
	void failsAFreeTextToWhomDidNotWriteWithinTheLastDay() {
		assertThat(end(this.api.create("To", USER, "From", SHOP, "Body", "Hi"))).isEqualTo("failed 63016");
		this.simulator.receive(USER, SHOP, "Hello");
		assertThat(end(this.api.create("To", USER, "From", SHOP, "Body", "Hi"))).isEqualTo("read 0");
		assertThat(end(this.api.create("To", USER, "From", "whatsapp:+15017122662", "Body", "Hi")))
			.isEqualTo("failed 63016");
		this.simulator.clock().advance(Duration.ofHours(24));
		assertThat(end(this.api.create("To", USER, "From", SHOP, "Body", "Hi"))).isEqualTo("failed 63016");
	}

	@Test
	void letsATemplateBegin() {
		assertThat(end(this.api.create("To", USER, "From", SHOP, "ContentSid", "HX" + "0".repeat(32))))
			.isEqualTo("read 0");
	}

	@Test
	void takesAScheduledFreeTextAndFailsItWhenItIsSent() {
		Answer scheduled = this.api.create("To", USER, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Hi",
				"ScheduleType", "fixed", "SendAt", START.plus(Duration.ofHours(1)).toString());
		assertThat(scheduled.status()).isEqualTo(201);
		this.simulator.clock().advance(Duration.ofHours(1));
		assertThat(end(scheduled)).isEqualTo("failed 63016");
	}

	@Test
	void sendsAnyFreeTextWithTheWindowOpen() {
		try (TwilioSimulator open = TwilioSimulator.builder().manualClock(START).whatsappWindow(false).start()) {
			ApiClient client = new ApiClient(open);
			String sid = client.create("To", USER, "From", SHOP, "Body", "Hi").sid();
			open.clock().advance(Duration.ofMinutes(1));
			assertThat(client.fetch(sid).text("status")).isEqualTo("read");
		}
	}

	@Test
	void readsOnWhatsAppAlone() {
		assertThat(end(this.api.create("To", "messenger:123", "From", "messenger:456", "Body", "Hi")))
			.isEqualTo("delivered 0");
	}

	@Test
	void verifiesAWhatsAppAddressWithItsNumber() {
		this.simulator.configure((directory) -> directory.restrictTo(Set.of(ApiClient.TO)));
		assertThat(this.api.create("To", USER, "From", SHOP, "Body", "Hi").status()).isEqualTo(201);
		Answer refused = this.api.create("To", "whatsapp:+15550001111", "From", SHOP, "Body", "Hi");
		assertThat(refused.json().get("code").asInt()).isEqualTo(21608);
	}

	@Test
	void knowsAUserWhoKeepsTheNumberPrivate() {
		String user = "whatsapp:US.13491208655302741918";
		this.simulator.receive(user, SHOP, "Hello");
		assertThat(end(this.api.create("To", user, "From", SHOP, "Body", "Hi"))).isEqualTo("read 0");
	}

	private String end(Answer created) {
		this.simulator.clock().advance(Duration.ofMinutes(1));
		Answer fetched = this.api.fetch(created.sid());
		return fetched.text("status") + " " + fetched.json().path("error_code").asInt(0);
	}

}

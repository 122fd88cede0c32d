package com.example.cookbook;

import java.time.Instant;
import java.util.List;

import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.RestClient;

import static io.github.twiliospring.messaging.simulator.MessageMatcher.body;
import static io.github.twiliospring.messaging.simulator.MessageMatcher.sentTo;
import static java.time.Duration.ofDays;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The examples of docs/examples.md, as their users meet them.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "twilio.messaging.from=+15017122661")
@EnableTwilioSimulator
class CookbookTests {

	private static final String SHOP = "+15017122661";

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	Parcels parcels;

	@Autowired
	Alerts alerts;

	@Autowired
	Reminders reminders;

	@Autowired
	Orders orders;

	@Autowired
	MessagingOutbox outbox;

	@Autowired
	JdbcClient database;

	private RestClient http;

	@BeforeEach
	void prepare(@LocalServerPort int port) {
		this.database.sql("create table if not exists appointments (id varchar(64) primary key, starts varchar(64))")
			.update();
		this.http = RestClient.create("http://localhost:" + port);
	}

	// @formatter:off

	@Test
	void signsInByTheCodeThatCame() {
		String phone = "+15558675310";
		http.post().uri("/sign-in?phone={phone}", phone).retrieve().toBodilessEntity();
		String code = simulator.awaitCode(phone);
		assertThat(enter(phone, code)).isTrue();
		assertThat(enter(phone, code)).isFalse();
	}

	private boolean enter(String phone, String code) {
		return Boolean.TRUE.equals(http.post()
				.uri("/sign-in/code?phone={phone}&code={code}", phone, code)
				.retrieve()
				.body(Boolean.class));
	}

	@Test
	void booksATableInThreeMessages() {
		says("Table", "For how many?");
		says("4", "A table for 4. OK?");
		says("ok", "Booked for 4. See you!");
		says("ok", "Write TABLE to book one.");
	}

	private void says(String text, String answer) {
		String guest = "+15558675311";
		simulator.receive(guest, SHOP, text);
		simulator.awaitMessage(sentTo(guest).and(body(answer)));
	}

	@Test
	void announcesAParcelOnWhatsApp() {
		assertThat(parcels.announce("+15558675312", "Ada", "Monday").to()).isEqualTo("whatsapp:+15558675312");
	}

	@Test
	void saysWhoWasNotReached() {
		assertThat(alerts.alert(List.of("+15558675313", "+447700900456", "no number"), "The oven is on fire"))
				.containsExactly("no number");
		assertThat(simulator.awaitMessage(sentTo("+447700900456")).from()).isEqualTo("+447700900123");
	}

	@Test
	void remindsTheDayBeforeWhereverTheAppointmentWasMovedTo() {
		String phone = "+15558675314";
		Instant monday = simulator.clock().instant().plus(ofDays(10));
		reminders.book("a-1", phone, monday);
		reminders.book("a-2", "+15558675315", monday);
		reminders.move("a-1", monday.plus(ofDays(7)));
		reminders.cancel("a-2");
		simulator.clock().advanceTo(monday.plus(ofDays(6)));
		assertThat(simulator.awaitMessage(sentTo(phone)).body()).isEqualTo("Tomorrow is your appointment");
		assertThat(outbox.find("reminder-a-2").orElseThrow().state()).isEqualTo(OutboxState.CANCELED);
	}

	@Test
	void notesWhatBecameOfAnOrdersMessage() {
		orders.ship("o-1", "+15558675316");
		// One of the provider's numbers for tests: whoever has it has opted out.
		orders.ship("o-2", "+15005550004");
		await().untilAsserted(() -> assertThat(messages()).isEqualTo("delivered, rejected"));
	}

	private String messages() {
		return String.join(", ", database.sql("select message from orders where id in ('o-1', 'o-2') order by id")
				.query(String.class)
				.list());
	}

	// @formatter:on

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ SignIn.class, Conversation.class, Parcels.class, Alerts.class, Reminders.class, Orders.class })
	static class Cookbook {

	}

}

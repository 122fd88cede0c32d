package io.github.twiliospring.messaging.simulator;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

import com.twilio.base.ResourceSet;
import com.twilio.exception.ApiException;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.Account;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.rest.api.v2010.account.message.Feedback;
import com.twilio.rest.api.v2010.account.message.Media;
import com.twilio.type.PhoneNumber;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The provider's own library as the judge: it talks to the simulator by nothing but
 * another host name.
 */
class ProviderLibraryTests {

	private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

	private static final PhoneNumber TO = new PhoneNumber(ApiClient.TO);

	private static final PhoneNumber FROM = new PhoneNumber(ApiClient.FROM);

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension(
			(builder) -> builder.manualClock(START).seed(11));

	private TwilioSimulator simulator;

	private TwilioRestClient client;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.client = client(this.simulator.authToken());
	}

	@Test
	void createsAndFetchesAMessage() {
		Message created = new MessageCreator(TO, FROM, "Your table is ready").create(this.client);
		assertThat(created.getStatus()).isEqualTo(Message.Status.QUEUED);
		assertThat(created.getBody()).isEqualTo("Your table is ready");
		assertThat(created.getDateCreated().toInstant()).isEqualTo(START);
		assertThat(created.getDirection()).isEqualTo(Message.Direction.OUTBOUND_API);
		this.simulator.clock().advance(Duration.ofSeconds(1));
		Message fetched = Message.fetcher(created.getSid()).fetch(this.client);
		assertThat(fetched.getStatus()).isEqualTo(Message.Status.DELIVERED);
		assertThat(fetched.getPrice()).isEqualTo("-0.00750");
		assertThat(fetched.getPriceUnit().getCurrencyCode()).isEqualTo("USD");
		assertThat(fetched.getSubresourceUris()).containsKeys("media", "feedback");
	}

	@Test
	void schedulesAndCancelsAMessage() {
		Message scheduled = new MessageCreator(TO, ApiClient.SERVICE, "See you")
			.setScheduleType(Message.ScheduleType.FIXED)
			.setSendAt(ZonedDateTime.ofInstant(START.plus(Duration.ofHours(2)), ZoneOffset.UTC))
			.create(this.client);
		assertThat(scheduled.getStatus()).isEqualTo(Message.Status.SCHEDULED);
		Message canceled = Message.updater(scheduled.getSid())
			.setStatus(Message.UpdateStatus.CANCELED)
			.update(this.client);
		assertThat(canceled.getStatus()).isEqualTo(Message.Status.CANCELED);
	}

	@Test
	void readsAllPagesOfAList() {
		List<String> sids = new ArrayList<>();
		for (int i = 0; i < 7; i++) {
			sids.add(0, new MessageCreator(TO, FROM, "Message " + i).create(this.client).getSid());
			this.simulator.clock().advance(Duration.ofSeconds(2));
		}
		new MessageCreator(new PhoneNumber("+15550001111"), FROM, "Another").create(this.client);
		ResourceSet<Message> messages = Message.reader().setTo(TO).setPageSize(3L).read(this.client);
		assertThat(messages).extracting(Message::getSid).containsExactlyElementsOf(sids);
		ResourceSet<Message> between = Message.reader()
			.setDateSentAfter(ZonedDateTime.ofInstant(START.plusSeconds(2), ZoneOffset.UTC))
			.setDateSentBefore(ZonedDateTime.ofInstant(START.plusSeconds(6), ZoneOffset.UTC))
			.read(this.client);
		assertThat(between).extracting(Message::getBody).containsExactly("Message 3", "Message 2", "Message 1");
	}

	@Test
	void redactsAndDeletesAMessage() {
		String sid = new MessageCreator(TO, FROM, "A secret").create(this.client).getSid();
		assertThatExceptionOfType(ApiException.class).isThrownBy(() -> Message.deleter(sid).delete(this.client))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(20009));
		this.simulator.clock().advance(Duration.ofSeconds(1));
		assertThat(Message.updater(sid).setBody("").update(this.client).getBody()).isEmpty();
		assertThat(Message.deleter(sid).delete(this.client)).isTrue();
		assertThatExceptionOfType(ApiException.class).isThrownBy(() -> Message.fetcher(sid).fetch(this.client))
			.satisfies((ex) -> {
				assertThat(ex.getCode()).isEqualTo(20404);
				assertThat(ex.getStatusCode()).isEqualTo(404);
				assertThat(ex.getMessage()).contains("was not found");
			});
	}

	@Test
	void readsFetchesAndDeletesMedia() {
		Message message = new MessageCreator(TO, FROM,
				List.of(URI.create("https://shop.example.com/one.png"), URI.create("https://shop.example.com/two.gif")))
			.create(this.client);
		assertThat(message.getSid()).startsWith("MM");
		assertThat(message.getNumMedia()).isEqualTo("2");
		this.simulator.clock().advance(Duration.ofSeconds(1));
		List<Media> media = new ArrayList<>();
		Media.reader(message.getSid()).setPageSize(1L).read(this.client).forEach(media::add);
		assertThat(media).extracting(Media::getContentType).containsExactly("image/png", "image/gif");
		String sid = media.get(0).getSid();
		assertThat(Media.fetcher(message.getSid(), sid).fetch(this.client).getParentSid()).isEqualTo(message.getSid());
		assertThat(Media.deleter(message.getSid(), sid).delete(this.client)).isTrue();
		assertThat(Message.fetcher(message.getSid()).fetch(this.client).getNumMedia()).isEqualTo("1");
	}

	@Test
	void takesFeedback() {
		String sid = new MessageCreator(TO, FROM, "Code 1234").setProvideFeedback(true).create(this.client).getSid();
		Feedback feedback = Feedback.creator(sid).setOutcome(Feedback.Outcome.UNCONFIRMED).create(this.client);
		assertThat(feedback.getMessageSid()).isEqualTo(sid);
		assertThat(feedback.getOutcome()).isEqualTo(Feedback.Outcome.UNCONFIRMED);
	}

	@Test
	void answersAHealthCheckOfTheAccount() {
		Account account = Account.fetcher(this.simulator.accountSid()).fetch(this.client);
		assertThat(account.getStatus()).isEqualTo(Account.Status.ACTIVE);
	}

	@Test
	void refusesInTheProvidersForm() {
		assertThatExceptionOfType(ApiException.class)
			.isThrownBy(() -> new MessageCreator(new PhoneNumber("+15005550001"), FROM, "Hi").create(this.client))
			.satisfies((ex) -> {
				assertThat(ex.getCode()).isEqualTo(21211);
				assertThat(ex.getMoreInfo()).isEqualTo("https://www.twilio.com/docs/errors/21211");
			});
		assertThatExceptionOfType(ApiException.class)
			.isThrownBy(() -> new MessageCreator(TO, FROM, "Hi").create(client("wrong")))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(20003));
	}

	private TwilioRestClient client(String token) {
		return client(this.simulator.accountSid(), token, this.simulator.port());
	}

	/** The lines of docs/simulator.md. */
	private static TwilioRestClient client(String accountSid, String authToken, int port) {
		// @formatter:off
		HttpHost simulator = new HttpHost("http", "127.0.0.1", port);
		HttpClientBuilder http = HttpClientBuilder.create()
		    .setRoutePlanner((target, context) -> new HttpRoute(simulator));
		TwilioRestClient client = new TwilioRestClient.Builder(accountSid, authToken)
		    .httpClient(new NetworkHttpClient(http))
		    .build();
		// @formatter:on
		return client;
	}

}

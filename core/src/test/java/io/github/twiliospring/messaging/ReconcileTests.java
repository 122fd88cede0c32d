package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.message.SendAttempt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.http.HttpHeader.httpHeader;
import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ReconcileTests {

	private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'",
			Locale.US);

	private static final String LIST = "/2010-04-01/Accounts/" + TestTemplates.ACCOUNT_SID
			+ "/Messages.json?PageSize=50&To=%2B15558675310";

	private static final String SAME = row("SM1", "Hi", "0", TestTemplates.NOW.plusSeconds(1));

	private volatile Instant now = TestTemplates.NOW;

	private final Clock clock = ((InstantSource) () -> this.now).withZone(ZoneOffset.UTC);

	private @Nullable MessagingTemplate template;

	@RegisterExtension
	final WireMockExtension api = WireMockExtension.newInstance().build();

	@Test
	void findsTheOneMessageThatMatches() {
		Reconciliation found = reconcile(row("SM0", "other", "0", TestTemplates.NOW), SAME,
				row("SM2", "Hi", "1", TestTemplates.NOW));
		assertThat(found.isFound()).isTrue();
		assertThat(found.message().sid()).isEqualTo("SM1");
		this.api.verify(1, getRequestedFor(urlEqualTo(LIST)));
	}

	@Test
	void takesNeitherAbsenceNorSeveralCandidatesForAProof() {
		assertThat(reconcile()).isEqualTo(new Reconciliation(null, 0));
		assertThat(reconcile(SAME, row("SM3", "Hi", "0", TestTemplates.NOW))).isEqualTo(new Reconciliation(null, 2));
	}

	@Test
	void passesOverAMessageThatWasCreatedBeforeTheAttemptAndSentSince() {
		String scheduledEarlier = row("SM4", "Hi", "0", TestTemplates.NOW.minusSeconds(1));
		assertThat(reconcile(scheduledEarlier).isFound()).isFalse();
		assertThat(reconcile(scheduledEarlier, SAME).message().sid()).isEqualTo("SM1");
	}

	@Test
	void stopsAtMessagesThatWereSentBeforeTheAttempt() {
		String sentEarlier = row("SM5", "Hi", "0", TestTemplates.NOW.minusSeconds(1)).replace("}",
				",\"date_sent\":\"%s\"}".formatted(date(TestTemplates.NOW.minusSeconds(1))));
		assertThat(reconcile(sentEarlier, SAME)).isEqualTo(new Reconciliation(null, 0));
	}

	@Test
	void takesNothingForAProofWhereACandidateIsUnreadable() {
		String sentEarlier = row("SM5", "Hi", "0", TestTemplates.NOW.minusSeconds(1)).replace("}",
				",\"date_sent\":\"%s\"}".formatted(date(TestTemplates.NOW.minusSeconds(1))));
		assertThatExceptionOfType(MessagingUnavailableException.class)
			.isThrownBy(() -> reconcile(SAME, "{\"status\":\"sent\"}", sentEarlier));
	}

	@Test
	void takesNoLaterMessageAndNoReplyForTheOneThatIsSought() {
		assertThat(reconcile(row("SM6", "Hi", "0", TestTemplates.NOW.plusSeconds(601))).isFound()).isFalse();
		assertThat(reconcile(SAME.replace("}", ",\"direction\":\"outbound-reply\"}")).isFound()).isFalse();
		assertThat(reconcile(SAME.replace("}", ",\"direction\":\"outbound-api\"}")).isFound()).isTrue();
	}

	@Test
	void takesNoMessageOfAnotherSender() {
		assertThat(reconcile(SAME.replace(TestTemplates.SERVICE_SID, "MG00000000000000000000000000000000")).isFound())
			.isFalse();
		assertThat(reconcile(SAME.replace("\"messaging_service_sid\":\"" + TestTemplates.SERVICE_SID + "\"",
				"\"from\":\"+15017122661\""))
			.isFound()).isFalse();
	}

	@Test
	void neverSends() {
		reconcile();
		this.api.verify(1, postRequestedFor(anyUrl()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S", "PT1S", "PT-1M-30S", "PT1M30S" })
	void findsItsMessageThoughThePeersClockIsAway(Duration away) {
		Instant there = TestTemplates.NOW.plus(away);
		String own = row("SM1", "Hi", "0", there);
		String earlier = row("SM0", "Hi", "0", there.minusSeconds(3));
		assertThat(reconcileWith(there, own, earlier).message().sid()).isEqualTo("SM1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT-3H", "PT-2M-2S", "PT3H" })
	void believesAClockThatIsFarAwayOnceASecondAnswerSaysTheSame(Duration away) {
		Instant there = TestTemplates.NOW.plus(away);
		String earlier = row("SM0", "Hi", "0", there.minusSeconds(3));
		list(there, row("SM1", "Hi", "0", there), earlier);
		assertThat(reconcileAttempt().isFound()).isFalse();
		assertThat(reconcileAttempt().isFound()).isFalse();
		this.now = TestTemplates.NOW.plusSeconds(1);
		list(there.plusSeconds(1), row("SM1", "Hi", "0", there), earlier);
		assertThat(reconcileAttempt().message().sid()).isEqualTo("SM1");
	}

	@ParameterizedTest
	@CsvSource({ "PT0S, true", "PT1S, true", "PT1M30S, true", "PT11M59S, true", "PT-1S, false", "PT-1M-40S, false" })
	void takesNoMessageFromBeforeTheAttemptForItsOwnWhereNoAnswerToldTheTime(Duration away, boolean found) {
		Reconciliation reconciliation = reconcileWith(null, row("SM1", "Hi", "0", TestTemplates.NOW.plus(away)));
		assertThat(reconciliation.isFound()).isEqualTo(found);
		assertThat(reconciliation.candidates()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT-2M-1S", "PT12M1S", "PT-3H", "PT3H" })
	void allowsForNoMoreThanTwoMinutesWhereNoAnswerToldTheTime(Duration away) {
		assertThat(reconcileWith(null, row("SM1", "Hi", "0", TestTemplates.NOW.plus(away))))
			.isEqualTo(new Reconciliation(null, 0));
	}

	@Test
	void takesNoOthersMessageAfterTheOwnClockWasSetRight() {
		this.now = TestTemplates.NOW.plusSeconds(3600);
		list(TestTemplates.NOW);
		reconcileAttempt();
		list(TestTemplates.NOW.plusSeconds(1));
		this.now = TestTemplates.NOW.plusSeconds(3601);
		reconcileAttempt();
		this.now = TestTemplates.NOW;
		list(TestTemplates.NOW, row("SM9", "Hi", "0", TestTemplates.NOW.minusSeconds(3300)));
		assertThat(reconcileAttempt()).isEqualTo(new Reconciliation(null, 0));
	}

	@Test
	void takesNoOthersMessageFromAPageThatACacheKeptWithoutItsAge() {
		Instant kept = TestTemplates.NOW.minusSeconds(10_800);
		String other = row("SM9", "Hi", "0", kept.plusSeconds(2));
		list(kept, other);
		assertThat(reconcileAttempt().isFound()).isFalse();
		this.now = TestTemplates.NOW.plusSeconds(30);
		assertThat(reconcileAttempt().isFound()).isFalse();
		list(this.now, SAME);
		assertThat(reconcileAttempt().isFound()).isTrue();
		list(kept, other);
		assertThat(reconcileAttempt().isFound()).isFalse();
		this.now = TestTemplates.NOW.plusSeconds(60);
		assertThat(reconcileAttempt().isFound()).isFalse();
	}

	@Test
	void learnsNothingFromAFilterThatAnswersForTheApi() {
		AtomicReference<Instant> kept = new AtomicReference<>();
		this.template = TestTemplates.at(this.api.baseUrl()).clock(this.clock).filter((request, next) -> {
			Instant date = kept.get();
			return (date == null) ? next.exchange(request)
					: Mono.just(ClientResponse.create(HttpStatus.OK)
						.header("Date", date(date))
						.header("Content-Type", "application/json")
						.body("{\"messages\":[%s]}".formatted(row("SM9", "Hi", "0", date.plusSeconds(2))))
						.build());
		}).build();
		for (int day = 2; day >= 1; day--) {
			kept.set(TestTemplates.NOW.minusSeconds(86_400).minusSeconds(day));
			this.now = TestTemplates.NOW.minusSeconds(day);
			reconcileAttempt();
		}
		this.now = TestTemplates.NOW;
		assertThat(reconcileAttempt().isFound()).isFalse();
		kept.set(null);
		list(TestTemplates.NOW, SAME);
		assertThat(reconcileAttempt().isFound()).isTrue();
	}

	@Test
	void takesNoEarlierMessageWhereTheListCameSlowly() {
		list(TestTemplates.NOW, SAME);
		assertThat(reconcileAttempt().isFound()).isTrue();
		this.now = TestTemplates.NOW.plusSeconds(60);
		this.api.stubFor(get(LIST).willReturn(
				okJson("{\"messages\":[%s]}".formatted(row("SM9", "Hi", "0", TestTemplates.NOW.minusSeconds(12))))
					.withHeader("Date", date(this.now.minusSeconds(14)))));
		assertThat(reconcileAttempt().isFound()).isFalse();
	}

	@Test
	void keepsToTheDifferenceOfEarlierAnswersWhereACacheAnswersTheList() {
		Instant there = TestTemplates.NOW.minusSeconds(90);
		this.api.stubFor(any(anyUrl()).willReturn(okJson(SAME).withHeader("Date", date(there))));
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl()).build();
		template.send("+15558675310", "Hi").block();
		this.api.stubFor(get(LIST).willReturn(okJson("{\"messages\":[%s]}".formatted(row("SM2", "Hi", "0", there)))
			.withHeader("Date", date(there.minusSeconds(3600)))
			.withHeader("Age", "3600")));
		SendAttempt attempt = new SendAttempt(to("+15558675310").body("Hi").build(), null, TestTemplates.NOW);
		assertThat(template.reconcile(attempt, Set.of()).block().isFound()).isTrue();
	}

	private void list(Instant date, String... rows) {
		this.api.stubFor(get(LIST)
			.willReturn(okJson("{\"messages\":[" + String.join(",", rows) + "]}").withHeader("Date", date(date))));
	}

	private Reconciliation reconcileAttempt() {
		if (this.template == null) {
			this.template = TestTemplates.at(this.api.baseUrl()).clock(this.clock).build();
		}
		SendAttempt attempt = new SendAttempt(to("+15558675310").body("Hi").build(), null, TestTemplates.NOW);
		return this.template.reconcile(attempt, Set.of()).block();
	}

	private Reconciliation reconcile(String... rows) {
		return reconcileWith(TestTemplates.NOW, rows);
	}

	private Reconciliation reconcileWith(@Nullable Instant date, String... rows) {
		this.api.resetAll();
		this.api.stubFor(any(anyUrl()).willReturn(serverError()));
		this.api.stubFor(post(anyUrl()).willReturn(serverError()));
		this.api.stubFor(get(LIST).willReturn(okJson("{\"messages\":[" + String.join(",", rows) + "]}")
			.withHeaders((date != null) ? new HttpHeaders(httpHeader("Date", date(date))) : HttpHeaders.noHeaders())));
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl()).build();
		MessageOutcomeUnknownException unknown = catchThrowableOfType(MessageOutcomeUnknownException.class,
				() -> template.send(to("+15558675310").body("Hi")).block());
		return template.reconcile(unknown).block();
	}

	private static String date(Instant instant) {
		return DATE.format(instant.atOffset(ZoneOffset.UTC));
	}

	private static String row(String sid, String body, String media, Instant created) {
		return "{\"sid\":\"%s\",\"to\":\"+15558675310\",\"messaging_service_sid\":\"%s\",\"body\":\"%s\",\"num_media\":\"%s\",\"date_created\":\"%s\"}"
			.formatted(sid, TestTemplates.SERVICE_SID, body, media, date(created));
	}

}

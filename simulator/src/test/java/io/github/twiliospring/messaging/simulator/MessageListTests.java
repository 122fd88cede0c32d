package io.github.twiliospring.messaging.simulator;

import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

import io.github.twiliospring.messaging.simulator.ApiClient.Answer;
import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lists, their pages and what lists of media and deletions have to do with each other.
 */
class MessageListTests {

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension(
			(builder) -> builder.manualClock(Instant.parse("2026-03-01T23:59:50Z")).delay(Duration.ZERO).seed(5));

	private TwilioSimulator simulator;

	private ApiClient api;

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.api = new ApiClient(this.simulator);
	}

	@Test
	void walksForwardAndBackByRelativeAddresses() {
		List<String> newestFirst = send(5);
		JsonNode first = this.api.get("/Messages.json?PageSize=2&To=%2B15558675310").json();
		assertThat(sids(first)).isEqualTo(newestFirst.subList(0, 2));
		assertThat(first.get("start").asInt()).isZero();
		assertThat(first.get("end").asInt()).isEqualTo(1);
		assertThat(first.get("previous_page_uri").isNull()).isTrue();
		assertThat(first.get("next_page_uri").asString()).isEqualTo(this.api.accountPath()
				+ "/Messages.json?To=%2B15558675310&PageSize=2&Page=1&PageToken=PA" + newestFirst.get(1));
		JsonNode second = this.api.get(first.get("next_page_uri").asString()).json();
		assertThat(sids(second)).isEqualTo(newestFirst.subList(2, 4));
		JsonNode third = this.api.get(second.get("next_page_uri").asString()).json();
		assertThat(sids(third)).isEqualTo(newestFirst.subList(4, 5));
		assertThat(third.get("next_page_uri").isNull()).isTrue();
		assertThat(third.get("start").asInt()).isEqualTo(4);
		assertThat(sids(this.api.get(third.get("previous_page_uri").asString()).json()))
			.isEqualTo(newestFirst.subList(2, 4));
	}

	@Test
	void neitherRepeatsNorLosesARowWhenOthersComeAndGo() {
		List<String> newestFirst = send(4);
		JsonNode first = this.api.get("/Messages.json?PageSize=2").json();
		send(2);
		this.api.delete("/Messages/" + newestFirst.get(1) + ".json");
		assertThat(sids(this.api.get(first.get("next_page_uri").asString()).json()))
			.isEqualTo(newestFirst.subList(2, 4));
	}

	@Test
	void losesAndRepeatsNoRowWhileMessagesGoOut() {
		this.simulator.configure((directory) -> directory.put(new PhoneNumber(ApiClient.FROM, null, 4)));
		List<String> all = send(60);
		List<String> first = new ArrayList<>();
		List<String> second = new ArrayList<>();
		String firstUri = "/Messages.json?PageSize=7";
		String secondUri = firstUri;
		for (int page = 0; firstUri != null || secondUri != null; page++) {
			firstUri = read(firstUri, first);
			// One list begins as the other is on its way, with the same parameters.
			secondUri = (page < 3) ? secondUri : read(secondUri, second);
			this.simulator.clock().advance(Duration.ofMillis(1250));
		}
		assertThat(first).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
		assertThat(second).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
		assertThat(second).isNotEqualTo(first);
	}

	private @Nullable String read(@Nullable String uri, List<String> into) {
		if (uri == null) {
			return null;
		}
		JsonNode page = this.api.get(uri).json();
		into.addAll(sids(page));
		return page.get("next_page_uri").isNull() ? null : page.get("next_page_uri").asString();
	}

	@Test
	void answersAnEmptyPageWithZeros() {
		JsonNode page = this.api.get("/Messages.json").json();
		assertThat(page.get("messages").isEmpty()).isTrue();
		assertThat(page.get("start").asInt()).isZero();
		assertThat(page.get("end").asInt()).isZero();
		assertThat(page.get("page_size").asInt()).isEqualTo(50);
	}

	@ParameterizedTest
	@CsvSource({ "DateSent=2026-03-01,1", "DateSent=2026-03-02,2", "DateSent%3C=2026-03-01,1", "DateSent<=2026-03-02,3",
			"DateSent%3E=2026-03-02,2", "DateSent=20260302,2", "DateSent=,3",
			"DateSent%3E=2026-03-02T00:00:00Z&DateSent<=2026-03-02T00:00:00%2B0000,1",
			"DateSent%3E=2026-03-01%2023:59:51.000,2", "DateSent<=Sun%2C+01+Mar+2026+23%3A59%3A50+-0000,1",
			"DateSent%3E=Mon%2C+02+Mar+2026+00%3A00%3A00+%2B0100,3", "DateSent%3E=2026,3", "DateSent<=2026-03,1",
			"DateSent%3E=2026-03-02T00:00:10Z,1", "DateSent%3C=2026-03-02T00:00:00Z,2", "From=%2B15017122661,3",
			"From=%2B15550009999,0", "To=%2B15558675310,3" })
	void filtersInclusively(String filter, int count) {
		// Sent at 23:59:50, 00:00:00 and 00:00:10.
		send(3, Duration.ofSeconds(10));
		assertThat(sids(this.api.get("/Messages.json?" + filter.replace("<", "%3C")).json())).hasSize(count);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PageSize=1001,20007", "PageSize=99999999999999999999,20001", "PageSize=0,20001",
			"PageSize=-1,20001", "PageSize=all,20001", "Page=x,20001", "PageToken=nonsense,21481",
			"PageToken=PASM00000000000000000000000000000000,21481", "DateSent=yesterday,20001",
			"DateSent=%3E%3D2026-03-02,20001", "DateSent%3C=%3C2026-03-02,20001", "DateSent=2026-13,20001" })
	void refusesWhatItCannotRead(String queryAndCode) {
		String[] parts = queryAndCode.split(",");
		Answer answer = this.api.get("/Messages.json?" + parts[0]);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().get("code").asInt()).isEqualTo(Integer.parseInt(parts[1]));
	}

	@Test
	void countsRowsBeyondTheRangeOfAnInt() {
		List<String> newestFirst = send(2);
		JsonNode page = this.api.get("/Messages.json?PageSize=1000&Page=9999999&PageToken=PA" + newestFirst.get(0))
			.json();
		assertThat(page.get("start").asLong()).isEqualTo(9_999_999_000L);
	}

	@Test
	void refusesATokenOfAnotherAccountsList() {
		send(2);
		String uri = this.api.get("/Messages.json?PageSize=1").text("next_page_uri");
		String token = uri.substring(uri.indexOf("PageToken"));
		String other = "AC" + "f".repeat(32);
		ApiClient stranger = new ApiClient(this.simulator.baseUrl(), other, other, "any");
		assertThat(stranger.get("/Messages.json?" + token).json().get("code").asInt()).isEqualTo(21481);
	}

	@Test
	void keepsAccountsApart() {
		send(2);
		String other = "AC" + "e".repeat(32);
		ApiClient stranger = new ApiClient(this.simulator.baseUrl(), other, other, "any");
		String sid = stranger.send().sid();
		assertThat(sids(stranger.get("/Messages.json").json())).containsExactly(sid);
		assertThat(this.api.fetch(sid).status()).isEqualTo(404);
	}

	@Test
	void keepsAMediumAsLongAsAMessageHoldsIt() {
		String one = this.api.send("MediaUrl", "https://shop.example.com/logo.png").sid();
		String two = this.api.send("MediaUrl", "https://shop.example.com/logo.png").sid();
		this.simulator.clock().advance(Duration.ofSeconds(1));
		String path = "/Messages/" + one + "/Media/" + mediaOf(one);
		assertThat(this.api.get(path).response().headers().firstValue("Content-Type")).contains("image/png");
		assertThat(this.api.delete("/Messages/" + one + ".json").status()).isEqualTo(204);
		assertThat(this.api.get(path + ".json").status()).isEqualTo(200);
		assertThat(this.api.delete("/Messages/" + two + ".json").status()).isEqualTo(204);
		assertThat(this.api.get(path + ".json").status()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource({ "png,image/png", "jpg,image/jpeg", "gif,image/gif" })
	void showsAPictureOfTheTypeThatItsAddressPromises(String ending, String type) throws Exception {
		String sid = this.api.send("MediaUrl", "https://shop.example.com/logo." + ending + "?v=1").sid();
		String media = "/Messages/" + sid + "/Media/" + mediaOf(sid);
		HttpResponse<byte[]> response = HttpClient.newHttpClient()
			.send(this.api.request(media).build(), BodyHandlers.ofByteArray());
		assertThat(response.headers().firstValue("Content-Type")).contains(type);
		try (ImageInputStream picture = ImageIO.createImageInputStream(new ByteArrayInputStream(response.body()))) {
			ImageReader reader = ImageIO.getImageReaders(picture).next();
			assertThat(reader.getOriginatingProvider().getMIMETypes()).contains(type);
			reader.setInput(picture);
			assertThat(reader.getWidth(0)).isEqualTo(1);
		}
	}

	@Test
	void filtersMediaByTheDateOfTheirCreation() {
		String path = "/Messages/" + this.api.send("MediaUrl", "https://example.com/a.png").sid() + "/Media.json";
		String date = this.api.get(path).json().get("media_list").get(0).get("date_created").asString();
		assertThat(date).startsWith("Sun, 01 Mar 2026");
		for (String filter : List.of("DateCreated=2026-03-01", "DateCreated%3C=2026-03-01",
				"DateCreated%3E=2026-03-01")) {
			assertThat(this.api.get(path + "?" + filter).json().get("media_list")).as(filter).hasSize(1);
		}
		for (String filter : List.of("DateCreated=2026-03-02", "DateCreated%3C=2026-02-28",
				"DateCreated%3E=2026-03-02")) {
			assertThat(this.api.get(path + "?" + filter).json().get("media_list")).as(filter).isEmpty();
		}
		assertThat(this.api.get(path + "?DateCreated=soon").json().get("code").asInt()).isEqualTo(20001);
	}

	@Test
	void deletesTheMediaOfAMessageThatIsOnItsWayButNotTheMessage() {
		String sid = this.api
			.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "MediaUrl",
					"https://shop.example.com/logo.png", "ScheduleType", "fixed", "SendAt", "2026-03-02T12:00:00Z")
			.sid();
		String media = "/Messages/" + sid + "/Media/" + mediaOf(sid) + ".json";
		Answer refused = this.api.delete("/Messages/" + sid + ".json");
		assertThat(refused.status()).isEqualTo(409);
		assertThat(refused.json().get("code").asInt()).isEqualTo(20009);
		assertThat(this.api.delete(media).status()).isEqualTo(204);
		assertThat(this.api.get(media).status()).isEqualTo(404);
		assertThat(this.api.fetch(sid).text("num_media")).isEqualTo("0");
	}

	private String mediaOf(String sid) {
		return this.api.get("/Messages/" + sid + "/Media.json").json().get("media_list").get(0).get("sid").asString();
	}

	@Test
	void dropsTheOldestEndedMessageBeyondItsLimit() {
		try (TwilioSimulator small = TwilioSimulator.builder()
			.manualClock()
			.delay(Duration.ZERO)
			.historyLimit(3)
			.start()) {
			ApiClient client = new ApiClient(small);
			Instant later = small.clock().instant().plus(Duration.ofHours(1));
			String waiting = client
				.create("To", ApiClient.TO, "MessagingServiceSid", ApiClient.SERVICE, "Body", "Later", "ScheduleType",
						"fixed", "SendAt", later.toString())
				.sid();
			List<String> sent = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				sent.add(client.send().sid());
			}
			assertThat(small.messages()).extracting(SimulatedMessage::sid)
				.containsExactly(waiting, sent.get(2), sent.get(3), sent.get(4));
			small.clock().advance(Duration.ofHours(1));
			assertThat(client.fetch(waiting).text("status")).isEqualTo("delivered");
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void saysInTheLogWhatItDropped(CapturedOutput output) {
		try (TwilioSimulator small = TwilioSimulator.builder().manualClock().historyLimit(3).start()) {
			ApiClient client = new ApiClient(small);
			List<String> sent = IntStream.range(0, 4).mapToObj((i) -> client.send().sid()).toList();
			assertThat(output).doesNotContain("are dropped");
			small.clock().advance(Duration.ofMinutes(1));
			assertThat(output).contains("More than 3 messages have ended: the oldest are dropped, 1 of them so far, "
					+ "the last one " + sent.get(0));
		}
	}

	@Test
	void keepsEveryMessageThatIsOnItsWay() {
		try (TwilioSimulator small = TwilioSimulator.builder().manualClock().historyLimit(3).start()) {
			ApiClient client = new ApiClient(small);
			List<String> sent = IntStream.range(0, 10).mapToObj((i) -> client.send().sid()).toList();
			assertThat(small.messages()).hasSize(10);
			small.clock().advance(Duration.ofMinutes(1));
			assertThat(small.messages()).extracting(SimulatedMessage::sid).isEqualTo(sent.subList(7, 10));
		}
	}

	@Test
	void takesAnyHistoryLimit() {
		try (TwilioSimulator large = TwilioSimulator.builder().manualClock().historyLimit(Integer.MAX_VALUE).start()) {
			new ApiClient(large).send("StatusCallback", "http://127.0.0.1:1/status");
			large.clock().advance(Duration.ofMinutes(1));
			large.awaitIdle(Duration.ofSeconds(30));
			assertThat(large.callbacks()).hasSize(2);
		}
	}

	private List<String> send(int count) {
		return send(count, Duration.ZERO);
	}

	private List<String> send(int count, Duration pause) {
		List<String> newestFirst = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			newestFirst.add(0, this.api.send().sid());
			this.simulator.clock().advance(pause);
		}
		return newestFirst;
	}

	private static List<String> sids(JsonNode page) {
		List<String> sids = new ArrayList<>();
		page.get("messages").forEach((message) -> sids.add(message.get("sid").asString()));
		return sids;
	}

}

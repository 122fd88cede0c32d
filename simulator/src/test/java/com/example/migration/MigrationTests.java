package com.example.migration;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.twilio.http.NetworkHttpClient;
import com.twilio.http.TwilioRestClient;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.simulator.SimulatedRequest;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who replaces the provider's library, call by call, sends the same requests.
 */
class MigrationTests {

	private static final String TO = "+15558675310";

	private static final String FROM = "+15017122661";

	private static final String SERVICE = "MG0123456789abcdef0123456789abcdef";

	private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

	@Test
	void eachCallReachesTheApiAsBefore() {
		List<String> before = requests(false);
		assertThat(before).hasSize(9);
		assertThat(requests(true)).isEqualTo(before);
	}

	private static List<String> requests(boolean migrated) {
		try (TwilioSimulator simulator = TwilioSimulator.builder().manualClock(START).seed(11).start()) {
			Texts texts = migrated ? ours(simulator) : providers(simulator);
			String sent = texts.send(TO, FROM, "Your table is ready");
			texts.sendPicture(TO, FROM, "The menu", "https://example.com/menu.png");
			String scheduled = texts.schedule(TO, SERVICE, "See you at 9",
					ZonedDateTime.ofInstant(START.plus(Duration.ofHours(2)), ZoneOffset.UTC));
			texts.cancel(scheduled);
			simulator.clock().advance(Duration.ofMinutes(1));
			assertThat(texts.status(sent)).isEqualTo("delivered");
			assertThat(texts.sentTo(TO)).containsExactlyInAnyOrder("Your table is ready", "The menu", "See you at 9");
			texts.confirm(sent);
			texts.redact(sent);
			texts.delete(sent);
			return simulator.requests().stream().map(MigrationTests::described).toList();
		}
	}

	private static String described(SimulatedRequest request) {
		Map<String, List<String>> parameters = new TreeMap<>(request.parameters());
		// Where pages are cut makes no difference to who reads all.
		parameters.remove("PageSize");
		// The provider's library leaves the zone out, and means UTC.
		return request.method() + " " + request.path().replaceAll("(SM|MM)[0-9a-f]{32}", "{sid}") + " "
				+ parameters.toString().replace("00Z]", "00]");
	}

	private static Texts ours(TwilioSimulator simulator) {
		return new OurTexts(MessagingTemplate.builder(simulator.accountSid(), simulator.authToken())
			.baseUrl(simulator.baseUrl())
			.clock(simulator.clock())
			.build()
			.blocking());
	}

	private static Texts providers(TwilioSimulator simulator) {
		HttpHost host = new HttpHost("http", "127.0.0.1", simulator.port());
		HttpClientBuilder http = HttpClientBuilder.create().setRoutePlanner((target, context) -> new HttpRoute(host));
		return new ProviderTexts(new TwilioRestClient.Builder(simulator.accountSid(), simulator.authToken())
			.httpClient(new NetworkHttpClient(http))
			.build());
	}

}

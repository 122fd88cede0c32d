package com.example.orders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.MessageMatcher;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every metric, label and value that docs/grafana-dashboard.json asks for, beside those
 * of the outbox, is what an application exports once such things have happened.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "management.metrics.distribution.percentiles-histogram.twilio.messaging=true",
				"twilio.messaging.retry.initial-interval=1ms", "twilio.simulator.clock=system" })
class GrafanaDashboardTests {

	private static final Path DASHBOARD = Path.of("../../docs/grafana-dashboard.json");

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final String REACHABLE = "+15558675340";

	private static final String UNREACHABLE = "+15558675341";

	private static final Pattern METRIC = Pattern
		.compile("\\btwilio_messaging_\\w+_(?:seconds_(?:count|sum|max|bucket)|total)\\b");

	private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)(=|!=)\"([^\"]*)\"");

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	BlockingMessagingOperations messaging;

	@Autowired
	PrometheusMeterRegistry prometheus;

	@Test
	void asksForNothingThatIsNotExported(@LocalServerPort int port) throws IOException {
		letEverythingHappen(port);
		// Those of the outbox are held where there is one.
		List<String> expressions = JsonMapper.shared()
			.readTree(Files.readString(DASHBOARD))
			.findValuesAsString("expr")
			.stream()
			.filter((expression) -> !expression.contains("twilio_messaging_outbox_"))
			.toList();
		// Metrics are written after the answer.
		Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertExported(expressions, exported()));
	}

	private static void assertExported(List<String> expressions, Map<String, Map<String, Set<String>>> exported) {
		assertThat(expressions).hasSizeGreaterThan(10).allSatisfy((expression) -> {
			List<String> metrics = METRIC.matcher(expression).results().map(MatchResult::group).toList();
			assertThat(metrics).as(expression).hasSize(1).allSatisfy((metric) -> {
				assertThat(exported).containsKey(metric);
				Map<String, Set<String>> labels = exported.get(metric);
				GROUPING.matcher(expression)
					.results()
					.forEach((match) -> assertThat(labels).as(metric).containsKeys(match.group(1).split(", ")));
				MATCHER.matcher(expression)
					.results()
					.forEach((match) -> assertThat(labels.get(match.group(1))).as(metric + " " + match.group(1))
						.contains(match.group(3)));
			});
		});
	}

	private void letEverythingHappen(int port) {
		this.simulator.fail(MessageMatcher.sentTo(UNREACHABLE), 30003);
		this.simulator.inject(Fault.status(429).retryAfter("0").times(1));
		send(REACHABLE);
		send(UNREACHABLE);
		this.simulator.awaitCallback(MessageMatcher.sentTo(REACHABLE), MessageStatus.DELIVERED);
		this.simulator.awaitCallback(MessageMatcher.sentTo(UNREACHABLE), MessageStatus.UNDELIVERED);
		this.simulator.inject(Fault.status(503).times(1));
		send(REACHABLE);
		this.simulator.inject(Fault.status(400).times(1));
		send(REACHABLE);
		HttpStatusCode refused = RestClient.create("http://localhost:" + port)
			.post()
			.uri("/twilio/status")
			.exchange((request, response) -> response.getStatusCode());
		assertThat(refused.is4xxClientError()).isTrue();
	}

	private void send(String customer) {
		try {
			this.messaging.send(customer, "On its way");
		}
		catch (MessagingException ex) {
			// Its metrics are what is wanted.
		}
	}

	// By metric and label, the values.
	private Map<String, Map<String, Set<String>>> exported() {
		Map<String, Map<String, Set<String>>> exported = new TreeMap<>();
		this.prometheus.scrape().lines().filter((line) -> line.startsWith("twilio_")).forEach((line) -> {
			Map<String, Set<String>> labels = exported.computeIfAbsent(line.split("[{ ]")[0],
					(name) -> new TreeMap<>());
			MATCHER.matcher(line)
				.results()
				.forEach((match) -> labels.computeIfAbsent(match.group(1), (name) -> new HashSet<>())
					.add(match.group(3)));
		});
		return exported;
	}

}

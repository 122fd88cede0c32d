package io.github.twiliospring.messaging.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every metric, label and value of the outbox that docs/grafana-dashboard.json asks for
 * is what an application exports.
 */
class OutboxDashboardTests {

	private static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");

	private static final Pattern METRIC = Pattern.compile("\\btwilio_messaging_outbox_\\w+(?=[{\\[)])(?!\\) \\()");

	private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

	private static final Pattern MATCHER = Pattern.compile("\\{(\\w+=\"[^\"]*\")\\}");

	@Test
	void asksForNothingThatIsNotExported() throws IOException {
		String exported = scrape();
		List<String> expressions = JsonMapper.shared()
			.readTree(Files.readString(DASHBOARD))
			.findValuesAsString("expr")
			.stream()
			.filter((expression) -> expression.contains("twilio_messaging_outbox_"))
			.toList();
		assertThat(expressions).hasSizeGreaterThan(3).allSatisfy((expression) -> {
			List<String> metrics = METRIC.matcher(expression).results().map(MatchResult::group).toList();
			assertThat(metrics).as(expression).hasSize(1);
			List<String> lines = exported.lines().filter((line) -> line.matches(metrics.get(0) + "[{ ].*")).toList();
			assertThat(lines).as(expression).isNotEmpty();
			GROUPING.matcher(expression)
				.results()
				.forEach((match) -> assertThat(lines).allMatch((line) -> line.contains(match.group(1) + "=")));
			MATCHER.matcher(expression)
				.results()
				.forEach((match) -> assertThat(lines).anyMatch((line) -> line.contains(match.group(1))));
		});
	}

	private static String scrape() {
		try (TwilioSimulator simulator = TestOutbox.simulator();
				TestOutbox test = TestOutbox
					.of("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
							TestOutbox.template(simulator.baseUrl().toString()), (builder) -> builder)
					.withSchema("h2")) {
			PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
			new OutboxMetrics(test.outbox.monitor()).bindTo(prometheus);
			return prometheus.scrape();
		}
	}

}

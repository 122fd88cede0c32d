package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.form;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.newSid;
import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.sign;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which headers of a proxy make the URL that's verified: the table in docs/webhooks.md,
 * cell by cell, over real connections.
 */
class ForwardedHeadersTests {

	private static final String HOST = "internal.example.com";

	private static final String DIRECT = "http://internal.example.com";

	private static final String HTTPS = "https://shop.example.com";

	private static final String PROTO = "X-Forwarded-Proto: https";

	private static final String SHOP = "X-Forwarded-Host: shop.example.com";

	// The headers, then what's verified with: native on Tomcat, native on Reactor Netty,
	// framework. With none it's always the direct URL.
	private static final List<Row> ROWS = List.of(
			new Row("https://internal.example.com", "https://internal.example.com", "https://internal.example.com",
					PROTO),
			new Row(HTTPS, HTTPS, HTTPS, PROTO, SHOP),
			new Row(HTTPS, HTTPS + ":8443", HTTPS + ":8443", PROTO, SHOP + ":8443"),
			new Row(HTTPS + ":8443", HTTPS + ":8443", HTTPS + ":8443", PROTO, SHOP, "X-Forwarded-Port: 8443"),
			new Row(DIRECT, DIRECT + ":8443", DIRECT + ":8443", "X-Forwarded-Port: 8443"),
			new Row(HTTPS, HTTPS + "/prefix", HTTPS + "/prefix", PROTO, SHOP, "X-Forwarded-Prefix: /prefix"),
			new Row(DIRECT, DIRECT, "https://internal.example.com", "X-Forwarded-Ssl: on"),
			new Row(DIRECT, HTTPS, HTTPS, "Forwarded: proto=https;host=shop.example.com"),
			new Row(DIRECT, HTTPS + ":8443", HTTPS + ":8443", "Forwarded: proto=https;host=\"shop.example.com:8443\""),
			new Row(HTTPS, DIRECT, DIRECT, "Forwarded: for=192.0.2.1", PROTO, SHOP),
			// lists
			new Row(DIRECT, HTTPS, HTTPS,
					"Forwarded: proto=https;host=shop.example.com, proto=http;host=x.example.com"),
			new Row("http://shop.example.com", HTTPS, HTTPS, PROTO + ", http", SHOP),
			new Row(HTTPS, HTTPS, HTTPS, PROTO + ", https", SHOP),
			new Row("https://internal.example.com", HTTPS, HTTPS, PROTO, SHOP + ", x.example.com"),
			new Row(HTTPS, HTTPS + ":8443", HTTPS + ":8443", PROTO, SHOP, "X-Forwarded-Port: 8443, 80"),
			// a header that stands there twice is a list, too
			new Row("http://shop.example.com", HTTPS, HTTPS, PROTO, "X-Forwarded-Proto: http", SHOP));

	@ParameterizedTest
	@EnumSource(Strategy.class)
	void makeTheUrlThatTheTableSays(Strategy strategy) throws Exception {
		try (WebhookApplication application = WebhookApplication.start(strategy.stack, false,
				"server.forward-headers-strategy=" + strategy.property)) {
			for (Row row : ROWS) {
				assertThat(accepted(application, row)).as("%s, %s", strategy, row.headers)
					.containsExactly(row.expected(strategy));
			}
		}
	}

	@Test
	void countOnTomcatFromTheProxiesAloneThatAreConfigured() throws Exception {
		try (WebhookApplication application = WebhookApplication.start(WebApplicationType.SERVLET, false,
				"server.forward-headers-strategy=native", "server.tomcat.remoteip.internal-proxies=192\\.0\\.2\\.1")) {
			assertThat(accepted(application, new Row(HTTPS, HTTPS, HTTPS, PROTO, SHOP))).containsExactly(DIRECT);
		}
	}

	// A URL with a port is accepted without it, too: what's left out here is that
	// spelling.
	private static List<String> accepted(WebhookApplication application, Row row) throws Exception {
		List<String> accepted = new ArrayList<>();
		TreeSet<String> candidates = new TreeSet<>(List.of(DIRECT, HTTPS));
		ROWS.forEach((each) -> candidates.addAll(List.of(each.tomcat, each.netty, each.framework)));
		for (String url : candidates) {
			String form = form(newSid(), "sent");
			List<String> headers = new ArrayList<>(row.headers);
			headers.add("X-Twilio-Signature: " + sign(url + WebhookApplication.PATH, form));
			int status = WebhookClient.rawPost(application.port(), WebhookApplication.PATH, HOST, form, headers);
			assertThat(status).isIn(204, 403);
			if (status == 204) {
				accepted.add(url);
			}
		}
		accepted.removeIf((url) -> accepted.contains(url + ":8443"));
		return accepted;
	}

	enum Strategy {

		NATIVE_TOMCAT(WebApplicationType.SERVLET, "native"), NATIVE_NETTY(WebApplicationType.REACTIVE, "native"),
		FRAMEWORK_SERVLET(WebApplicationType.SERVLET, "framework"),
		FRAMEWORK_REACTIVE(WebApplicationType.REACTIVE, "framework"), NONE_SERVLET(WebApplicationType.SERVLET, "none"),
		NONE_REACTIVE(WebApplicationType.REACTIVE, "none");

		private final WebApplicationType stack;

		private final String property;

		Strategy(WebApplicationType stack, String property) {
			this.stack = stack;
			this.property = property;
		}

	}

	/**
	 * A row of the table.
	 */
	private static final class Row {

		private final String tomcat;

		private final String netty;

		private final String framework;

		private final List<String> headers;

		Row(String tomcat, String netty, String framework, String... headers) {
			this.tomcat = tomcat;
			this.netty = netty;
			this.framework = framework;
			this.headers = List.of(headers);
		}

		String expected(Strategy strategy) {
			return switch (strategy) {
				case NATIVE_TOMCAT -> this.tomcat;
				case NATIVE_NETTY -> this.netty;
				case FRAMEWORK_SERVLET, FRAMEWORK_REACTIVE -> this.framework;
				case NONE_SERVLET, NONE_REACTIVE -> DIRECT;
			};
		}

	}

}

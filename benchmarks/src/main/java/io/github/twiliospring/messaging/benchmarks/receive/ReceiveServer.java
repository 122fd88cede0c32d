package io.github.twiliospring.messaging.benchmarks.receive;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.twiliospring.messaging.benchmarks.Child;
import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.github.twiliospring.messaging.benchmarks.Usage;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The process of one endpoint.
 */
public final class ReceiveServer {

	private Usage.Measurement measurement = Usage.start();

	private ReceiveServer() {
	}

	/**
	 * Serves until the standard input ends. It answers {@code port}; {@code start} and
	 * {@code stop} of a measurement; and {@code heap}, what is in use after a collection.
	 * @param name the variant's name
	 * @param further properties, as in {@code name=value}
	 */
	public static void serve(String name, List<String> further) {
		ReceiveVariant variant = ReceiveVariant.valueOf(name);
		WebServer webServer = start(variant, further);
		ReceiveServer server = new ReceiveServer();
		Child.serve((question) -> switch (question[0]) {
			case "port" -> webServer.getPort();
			case "start" -> {
				server.measurement = Usage.start();
				yield "started";
			}
			case "stop" -> server.measurement.stop();
			case "heap" -> Usage.liveHeapBytes();
			default -> throw new IllegalArgumentException(question[0]);
		});
	}

	private static WebServer start(ReceiveVariant variant, List<String> further) {
		Map<String, Object> properties = new HashMap<>(Map.of("spring.main.banner-mode", "off", "logging.level.root",
				"warn", "server.port", 0, "twilio.account-sid", Fixtures.ACCOUNT_SID, "twilio.auth-token",
				Fixtures.AUTH_TOKEN, "twilio.messaging.webhook.public-url", Fixtures.PUBLIC_URL,
				"twilio.messaging.webhook.enabled", variant.starter()));
		// Tomcat ends a connection after a hundred requests, Netty never.
		properties.put("server.tomcat.max-keep-alive-requests", -1);
		if (variant.stack() == WebApplicationType.REACTIVE) {
			// Both servers are on the class path.
			properties.put("spring.autoconfigure.exclude",
					"org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration");
		}
		ConfigurableApplicationContext context = new SpringApplicationBuilder(variant.application())
			.web(variant.stack())
			.properties(properties)
			.run(further.stream().map((property) -> "--" + property).toArray(String[]::new));
		WebServer server = Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer());
		String expected = (variant.stack() == WebApplicationType.REACTIVE) ? "NettyWebServer" : "TomcatWebServer";
		if (!server.getClass().getSimpleName().equals(expected)) {
			throw new IllegalStateException("Not " + expected + " but " + server);
		}
		return server;
	}

}

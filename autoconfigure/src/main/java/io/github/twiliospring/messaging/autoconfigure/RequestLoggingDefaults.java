package io.github.twiliospring.messaging.autoconfigure;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Keeps four loggers at INFO, unless the application names them itself: Reactor Netty's
 * and the JDK's HTTP clients, which show the URL of a list, Tomcat's, which shows a
 * webhook whole, and Spring's of what is written by JDBC, which shows the outbox's
 * messages. They would write numbers and texts wherever {@code logging.level.root=trace}
 * is set.
 */
final class RequestLoggingDefaults implements EnvironmentPostProcessor {

	static final String REACTOR_NETTY = "logging.level.reactor.netty.http.client.HttpClientConnect";

	static final String JDK_CLIENT = "logging.level.jdk.internal.httpclient.debug";

	static final String TOMCAT = "logging.level.org.apache.coyote.http11.Http11InputBuffer";

	static final String JDBC = "logging.level.org.springframework.jdbc.core.StatementCreatorUtils";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		environment.getPropertySources()
			.addLast(new MapPropertySource("twilioRequestLogging",
					Map.of(REACTOR_NETTY, "info", JDK_CLIENT, "info", TOMCAT, "info", JDBC, "info")));
	}

}

package io.github.twiliospring.messaging.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Keeps loggers of others at INFO, unless the application names them itself: those of
 * HTTP clients and of Tomcat that show requests, and those of Spring's JDBC and of
 * database drivers that show what the outbox writes and reads. They would write numbers
 * and texts wherever {@code logging.level.root=trace} is set.
 */
final class RequestLoggingDefaults implements EnvironmentPostProcessor {

	static final String REACTOR_NETTY = "logging.level.reactor.netty.http.client.HttpClientConnect";

	static final String JDK_CLIENT = "logging.level.jdk.internal.httpclient.debug";

	static final String TOMCAT = "logging.level.org.apache.coyote.http11.Http11InputBuffer";

	static final String JDBC = "logging.level.org.springframework.jdbc.core.StatementCreatorUtils";

	static final List<String> DRIVERS = List.of("logging.level.io.r2dbc.h2.client.SessionClient",
			"logging.level.io.r2dbc.postgresql.PARAM", "logging.level.io.r2dbc.postgresql.client.ReactorNettyClient",
			"logging.level.org.mariadb.jdbc.client.socket.Reader",
			"logging.level.org.mariadb.jdbc.client.socket.Writer",
			"logging.level.org.postgresql.core.v3.QueryExecutorImpl");

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, Object> levels = new HashMap<>(
				Map.of(REACTOR_NETTY, "info", JDK_CLIENT, "info", TOMCAT, "info", JDBC, "info"));
		DRIVERS.forEach((name) -> levels.put(name, "info"));
		environment.getPropertySources().addLast(new MapPropertySource("twilioRequestLogging", levels));
	}

}

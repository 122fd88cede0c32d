package io.github.twiliospring.messaging.autoconfigure;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class RequestLoggingDefaultsTests {

	private static final String JDK_CLIENT = "jdk.internal.httpclient.debug";

	private static final String REACTOR_NETTY = "reactor.netty.http.client.HttpClientConnect";

	private static final String TOMCAT = "org.apache.coyote.http11.Http11InputBuffer";

	private static final String JDBC = "org.springframework.jdbc.core.StatementCreatorUtils";

	@AfterEach
	void logAsBefore() {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		for (String name : new String[] { JDK_CLIENT, REACTOR_NETTY, TOMCAT, JDBC, "jdk.internal", "reactor.netty",
				"org.apache.coyote", "org.springframework.jdbc", "io.r2dbc" }) {
			logging.setLogLevel(name, null);
		}
		RequestLoggingDefaults.DRIVERS.forEach((name) -> logging.setLogLevel(logger(name), null));
	}

	@Test
	void keepsRequestsOutOfALogThatShowsEverythingAroundThem() {
		try (ConfigurableApplicationContext context = run("--logging.level.jdk.internal=trace",
				"--logging.level.org.apache.coyote=trace", "--logging.level.reactor.netty=trace",
				"--logging.level.org.springframework.jdbc=trace", "--logging.level.io.r2dbc=trace")) {
			assertThat(context.isRunning()).isTrue();
			assertThat(LoggerFactory.getLogger("reactor.netty").isTraceEnabled()).isTrue();
			assertThat(LoggerFactory.getLogger(REACTOR_NETTY).isDebugEnabled()).isFalse();
			assertThat(LoggerFactory.getLogger("jdk.internal").isTraceEnabled()).isTrue();
			assertThat(LoggerFactory.getLogger(JDK_CLIENT).isDebugEnabled()).isFalse();
			assertThat(java.util.logging.Logger.getLogger(JDK_CLIENT).isLoggable(java.util.logging.Level.FINE))
				.isFalse();
			assertThat(LoggerFactory.getLogger("org.apache.coyote").isTraceEnabled()).isTrue();
			assertThat(LoggerFactory.getLogger(TOMCAT).isDebugEnabled()).isFalse();
			assertThat(LoggerFactory.getLogger("org.springframework.jdbc").isTraceEnabled()).isTrue();
			assertThat(LoggerFactory.getLogger(JDBC).isDebugEnabled()).isFalse();
			assertThat(LoggerFactory.getLogger("io.r2dbc").isTraceEnabled()).isTrue();
			assertThat(RequestLoggingDefaults.DRIVERS)
				.noneMatch((name) -> LoggerFactory.getLogger(logger(name)).isDebugEnabled());
		}
	}

	@Test
	void leavesALevelThatTheApplicationSets() {
		try (ConfigurableApplicationContext context = run("--" + RequestLoggingDefaults.JDK_CLIENT + "=debug",
				"--" + RequestLoggingDefaults.TOMCAT + "=" + LogLevel.DEBUG)) {
			assertThat(context.isRunning()).isTrue();
			assertThat(LoggerFactory.getLogger(JDK_CLIENT).isDebugEnabled()).isTrue();
			assertThat(LoggerFactory.getLogger(TOMCAT).isDebugEnabled()).isTrue();
		}
	}

	private static String logger(String property) {
		return property.substring("logging.level.".length());
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

}

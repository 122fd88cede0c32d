package io.github.twiliospring.messaging;

import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.time.Duration;

import io.netty.channel.ChannelOption;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.util.ClassUtils;

/**
 * The HTTP client of templates that are given none.
 */
final class DefaultConnector {

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(15);

	private DefaultConnector() {
	}

	static ClientHttpConnector create() {
		return ClassUtils.isPresent("reactor.netty.http.client.HttpClient", DefaultConnector.class.getClassLoader())
				? ReactorNetty.create() : jdk();
	}

	private static ClientHttpConnector jdk() {
		JdkClientHttpConnector connector = new JdkClientHttpConnector(java.net.http.HttpClient.newBuilder()
			.connectTimeout(CONNECT_TIMEOUT)
			.followRedirects(Redirect.NEVER)
			.version(Version.HTTP_1_1)
			.build());
		connector.setReadTimeout(RESPONSE_TIMEOUT);
		return connector;
	}

	/**
	 * Loaded only where Reactor Netty is there.
	 */
	private static final class ReactorNetty {

		// Shared, as the JVM's own client is.
		private static final ClientHttpConnector SHARED = new ReactorNettyConnector(HttpClient
			.create(ConnectionProvider.builder("twilio")
				.maxConnections(100)
				.pendingAcquireMaxCount(1000)
				.pendingAcquireTimeout(Duration.ofSeconds(5))
				.maxIdleTime(Duration.ofSeconds(20))
				.maxLifeTime(Duration.ofMinutes(5))
				.build())
			.protocol(HttpProtocol.HTTP11)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
			.responseTimeout(RESPONSE_TIMEOUT)
			.disableRetry(true)
			.followRedirect(false));

		static ClientHttpConnector create() {
			return SHARED;
		}

	}

}

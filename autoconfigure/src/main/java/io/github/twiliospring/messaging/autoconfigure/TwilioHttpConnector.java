package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;

/**
 * The API's connector: Boot's client settings and customizers first, then what safe
 * sending needs, so that no redirect and no retry of the connection can send a message
 * twice. With Reactor Netty it has a pool of its own.
 */
class TwilioHttpConnector implements DisposableBean {

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(15);

	private final ClientHttpConnector connector;

	private @Nullable ConnectionProvider pool;

	TwilioHttpConnector(ClientHttpConnectorBuilder<?> builder, HttpClientSettings settings,
			TwilioProperties.Client properties, @Nullable ReactorResourceFactory resources) {
		HttpClientSettings effective = effective(settings, properties);
		this.connector = (builder instanceof ReactorClientHttpConnectorBuilder reactor)
				? reactor(reactor, effective, properties.pool(), resources) : builder.build(effective);
	}

	ClientHttpConnector get() {
		return this.connector;
	}

	@Override
	public void destroy() {
		if (this.pool != null) {
			this.pool.dispose();
		}
	}

	private static HttpClientSettings effective(HttpClientSettings settings, TwilioProperties.Client properties) {
		return settings.withRedirects(HttpRedirects.DONT_FOLLOW)
			.withConnectTimeout(first(properties.connectTimeout(), settings.connectTimeout(), CONNECT_TIMEOUT))
			.withReadTimeout(first(properties.responseTimeout(), settings.readTimeout(), RESPONSE_TIMEOUT));
	}

	private static Duration first(@Nullable Duration own, @Nullable Duration general, Duration otherwise) {
		if (own != null) {
			return own;
		}
		return (general != null) ? general : otherwise;
	}

	private ClientHttpConnector reactor(ReactorClientHttpConnectorBuilder builder, HttpClientSettings settings,
			TwilioProperties.Pool properties, @Nullable ReactorResourceFactory resources) {
		ConnectionProvider provider = ConnectionProvider.builder("twilio")
			.maxConnections(properties.maxConnections())
			.pendingAcquireMaxCount(properties.maxPending())
			.pendingAcquireTimeout(properties.acquireTimeout())
			.maxIdleTime(properties.maxIdleTime())
			.maxLifeTime(properties.maxLifeTime())
			.build();
		this.pool = provider;
		return builder.withHttpClientFactory(() -> client(provider, resources))
			.withHttpClientCustomizer((client) -> client.disableRetry(true).followRedirect(false))
			.build(settings);
	}

	private static HttpClient client(ConnectionProvider provider, @Nullable ReactorResourceFactory resources) {
		HttpClient client = HttpClient.create(provider);
		return (resources != null) ? client.runOn(resources.getLoopResources()) : client;
	}

}

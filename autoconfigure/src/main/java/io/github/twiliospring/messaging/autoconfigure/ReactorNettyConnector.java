package io.github.twiliospring.messaging.autoconfigure;

import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;

/**
 * A connector with a pool of its own. Loaded only where Reactor Netty is there.
 */
final class ReactorNettyConnector implements DisposableBean {

	private final ConnectionProvider pool;

	private final ClientHttpConnector connector;

	ReactorNettyConnector(ReactorClientHttpConnectorBuilder builder, HttpClientSettings settings,
			TwilioProperties.Pool properties, BeanFactory beanFactory) {
		this.pool = ConnectionProvider.builder("twilio")
			.maxConnections(properties.maxConnections())
			.pendingAcquireMaxCount(properties.maxPending())
			.pendingAcquireTimeout(properties.acquireTimeout())
			.maxIdleTime(properties.maxIdleTime())
			.maxLifeTime(properties.maxLifeTime())
			.build();
		ReactorResourceFactory resources = beanFactory.getBeanProvider(ReactorResourceFactory.class).getIfAvailable();
		HttpClient client = HttpClient.create(this.pool);
		HttpClient effective = (resources != null) ? client.runOn(resources.getLoopResources()) : client;
		this.connector = builder.withHttpClientFactory(() -> effective)
			.withHttpClientCustomizer((customized) -> customized.disableRetry(true).followRedirect(false))
			.build(settings);
	}

	ClientHttpConnector get() {
		return this.connector;
	}

	@Override
	public void destroy() {
		this.pool.dispose();
	}

}

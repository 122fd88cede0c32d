package io.github.twiliospring.messaging.autoconfigure;

import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The API's connector: Boot's client settings and customizers first, then what safe
 * sending needs, so that no redirect and no retry of the connection can send a message
 * twice. With Reactor Netty it has a pool of its own, unless that's switched off. Made at
 * the first call, since it's a good part of what a start takes.
 */
class TwilioHttpConnector implements DisposableBean {

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(15);

	private static final boolean REACTOR_NETTY = ClassUtils.isPresent("reactor.netty.http.client.HttpClient",
			TwilioHttpConnector.class.getClassLoader());

	private final Supplier<ClientHttpConnector> connector;

	private @Nullable ClientHttpConnector shared;

	private @Nullable DisposableBean pool;

	private boolean closed;

	TwilioHttpConnector(ClientHttpConnectorBuilder<?> builder, HttpClientSettings settings,
			TwilioProperties.Client properties) {
		HttpClientSettings effective = effective(settings, properties);
		if (!REACTOR_NETTY || !(builder instanceof ReactorClientHttpConnectorBuilder reactor)) {
			// After all that was customized.
			ClientHttpConnectorBuilder<?> safe = (builder instanceof JdkClientHttpConnectorBuilder jdk) ? jdk
				.withHttpClientCustomizer((client) -> client.followRedirects(Redirect.NEVER).version(Version.HTTP_1_1))
					: builder;
			this.connector = () -> safe.build(effective);
		}
		else if (properties.pool().enabled()) {
			this.connector = SingletonSupplier.of(() -> {
				PooledReactorNetty netty = new PooledReactorNetty(reactor, effective, properties.pool());
				this.pool = netty;
				return netty.get();
			});
		}
		else {
			// The builder doesn't say by itself whether it has a client of the
			// application's own.
			this.connector = SingletonSupplier.of(() -> PooledReactorNetty.connector(reactor, effective));
		}
	}

	/**
	 * The connector that all templates share, for one of them: each further time that
	 * it's asked, it gives another in place of the one that it gave before. With Reactor
	 * Netty that is always the same, whose connections are guarded one by one.
	 */
	Supplier<ClientHttpConnector> source() {
		AtomicReference<@Nullable ClientHttpConnector> given = new AtomicReference<>();
		return () -> {
			ClientHttpConnector next = current(given.get());
			given.set(next);
			return next;
		};
	}

	private synchronized ClientHttpConnector current(@Nullable ClientHttpConnector distrusted) {
		if (this.closed) {
			throw new IllegalStateException("The application is shutting down");
		}
		ClientHttpConnector present = this.shared;
		if (present == null || present == distrusted) {
			present = this.connector.get();
			this.shared = present;
		}
		return present;
	}

	@Override
	public synchronized void destroy() throws Exception {
		this.closed = true;
		if (this.pool != null) {
			this.pool.destroy();
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

}

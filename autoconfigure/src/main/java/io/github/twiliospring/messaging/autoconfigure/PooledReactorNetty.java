package io.github.twiliospring.messaging.autoconfigure;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.github.twiliospring.messaging.ReactorNettyConnector;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.HttpResources;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientConfig;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.function.SingletonSupplier;

/**
 * A connector with a pool and event loops of its own. Loaded only where Reactor Netty is
 * there.
 */
final class PooledReactorNetty implements DisposableBean {

	private static final Duration GRACE = Duration.ofSeconds(15);

	private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

	private final ConnectionProvider pool;

	private final LoopResources loops = LoopResources.create("twilio-http");

	private final ClientHttpConnector connector;

	PooledReactorNetty(ReactorClientHttpConnectorBuilder builder, HttpClientSettings settings,
			TwilioProperties.Pool properties) {
		this.pool = ConnectionProvider.builder("twilio")
			.maxConnections(properties.maxConnections())
			.pendingAcquireMaxCount(properties.maxPending())
			.pendingAcquireTimeout(properties.acquireTimeout())
			.maxIdleTime(properties.maxIdleTime())
			.maxLifeTime(properties.maxLifeTime())
			.disposeTimeout(GRACE)
			.build();
		this.connector = connector(
				builder.withHttpClientFactory(() -> HttpClient.create(this.pool).resolver(new LateResolver()))
					.withHttpClientCustomizer(this::onOwnLoops),
				settings);
	}

	/**
	 * A connector with the client that a builder makes, which follows no redirect and
	 * repeats nothing, whatever was customized.
	 */
	static ReactorNettyConnector connector(ReactorClientHttpConnectorBuilder builder, HttpClientSettings settings) {
		// Boot's connector doesn't show its client.
		AtomicReference<@Nullable HttpClient> client = new AtomicReference<>();
		builder.withHttpClientCustomizer((customized) -> {
			HttpClient safe = customized.protocol(HttpProtocol.HTTP11).disableRetry(true).followRedirect(false);
			client.set(safe);
			return safe;
		}).build(settings);
		return new ReactorNettyConnector(Objects.requireNonNull(client.get()));
	}

	// The global event loops and their name resolver end, with every connection on them,
	// where any context of the JVM closes. Loops that a user chose stay.
	private HttpClient onOwnLoops(HttpClient customized) {
		HttpClientConfig configuration = customized.configuration();
		// A proxy finds the host, which this machine may not know. Reactor Netty sees to
		// it only where there is no resolver yet.
		HttpClient client = (configuration.hasProxy() && configuration.resolver() instanceof LateResolver)
				? customized.resolver(NoopAddressResolverGroup.INSTANCE) : customized;
		return (configuration.loopResources() instanceof HttpResources) ? client.runOn(this.loops) : client;
	}

	ClientHttpConnector get() {
		return this.connector;
	}

	// Answers that are on their way still arrive; nothing new is sent. Nobody waits for
	// it.
	@Override
	public void destroy() {
		this.pool.disposeLater()
			.onErrorComplete()
			.then(this.loops.disposeLater(Duration.ZERO, SHUTDOWN_TIMEOUT))
			.subscribe();
	}

	/**
	 * Resolves names on the same event loops, from the first request on. Without it,
	 * Reactor Netty starts all event loops, the global ones included, while the client is
	 * built. A resolver that a user chose replaces it.
	 */
	private final class LateResolver extends AddressResolverGroup<InetSocketAddress> {

		private final SingletonSupplier<AddressResolverGroup<?>> group = SingletonSupplier
			.of(() -> Objects.requireNonNull(HttpClient.create()
				.resolver((spec) -> spec.runOn(PooledReactorNetty.this.loops))
				.configuration()
				.resolver()));

		@Override
		@SuppressWarnings("unchecked")
		protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
			return (AddressResolver<InetSocketAddress>) this.group.obtain().getResolver(executor);
		}

	}

}

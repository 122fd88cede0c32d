package io.github.twiliospring.messaging.autoconfigure;

import java.net.http.HttpClient.Redirect;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import io.github.twiliospring.messaging.client.ApiAccess;
import io.github.twiliospring.messaging.client.ApiClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The API's connector: Boot's client settings and customizers first, then what safe
 * sending needs, so that no redirect and no retry of the connection can send a message
 * twice. With Reactor Netty it has a pool of its own, unless that's switched off.
 */
class TwilioHttpConnector implements DisposableBean {

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(15);

	private static final boolean REACTOR_NETTY = ClassUtils.isPresent("reactor.netty.http.client.HttpClient",
			TwilioHttpConnector.class.getClassLoader());

	private final ClientHttpConnector connector;

	private final List<WebClientCustomizer> customizers;

	private final @Nullable DisposableBean pool;

	TwilioHttpConnector(ClientHttpConnectorBuilder<?> builder, HttpClientSettings settings,
			TwilioProperties.Client properties, List<WebClientCustomizer> customizers) {
		this.customizers = customizers;
		HttpClientSettings effective = effective(settings, properties);
		if (!REACTOR_NETTY || !(builder instanceof ReactorClientHttpConnectorBuilder reactor)) {
			// After all that was customized.
			this.connector = ((builder instanceof JdkClientHttpConnectorBuilder jdk)
					? jdk.withHttpClientCustomizer((client) -> client.followRedirects(Redirect.NEVER)) : builder)
				.build(effective);
			this.pool = null;
		}
		else if (properties.pool().enabled()) {
			ReactorNettyConnector netty = new ReactorNettyConnector(reactor, effective, properties.pool());
			this.connector = netty.get();
			this.pool = netty;
		}
		else {
			// The builder doesn't say by itself whether it has a client of the
			// application's own.
			this.connector = ReactorNettyConnector.ofApplication(reactor, effective);
			this.pool = null;
		}
	}

	/**
	 * Makes a client on the shared connections.
	 * @param access where the API is and who calls it
	 * @param clock what a Retry-After date is measured on
	 * @param serviceUnavailableIsUnprocessed whether a 503 counts as "surely not
	 * processed"
	 * @param innermost what sees each attempt last, or {@code null}
	 */
	ApiClient client(ApiAccess access, Clock clock, boolean serviceUnavailableIsUnprocessed,
			@Nullable ExchangeFilterFunction innermost) {
		// Not a builder bean, which may be meant for something else, load balancing for
		// example.
		WebClient.Builder builder = WebClient.builder();
		this.customizers.forEach((customizer) -> customizer.customize(builder));
		if (innermost != null) {
			builder.filter(innermost);
		}
		return ApiClient.create(builder, this.connector, access, clock, serviceUnavailableIsUnprocessed);
	}

	@Override
	public void destroy() throws Exception {
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

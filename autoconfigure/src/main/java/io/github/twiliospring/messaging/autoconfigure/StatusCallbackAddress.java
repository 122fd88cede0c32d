package io.github.twiliospring.messaging.autoconfigure;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The URL at which the provider reaches the webhook: the public one; where the API is on
 * this machine, that of the local web server, unless the public one is on this machine,
 * too. Its value is there once the web server runs.
 */
public class StatusCallbackAddress implements Supplier<@Nullable String> {

	private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

	private final TwilioWebhookProperties properties;

	private final String basePath;

	private final boolean local;

	// Each send asks for it.
	private final SingletonSupplier<Optional<String>> publicUrl = SingletonSupplier
		.of(() -> Optional.ofNullable(configured()));

	private volatile @Nullable Integer localPort;

	StatusCallbackAddress(TwilioWebhookProperties properties, String basePath, boolean local) {
		this.properties = properties;
		this.basePath = basePath;
		this.local = local;
	}

	/**
	 * The URL for the status updates of messages that name none.
	 * @return the URL with its overrides, or {@code null} where none is to be filled in
	 */
	@Override
	public @Nullable String get() {
		return this.properties.callback().fillIn() ? url() : null;
	}

	/**
	 * The URL to paste where one is configured by hand, for example in a Messaging
	 * Service.
	 * @return the URL with its overrides, or {@code null} where it isn't known
	 */
	public @Nullable String url() {
		String publicUrl = publicUrl();
		Integer port = this.localPort;
		if (publicUrl == null && this.local && port != null) {
			publicUrl = "http://localhost:" + port;
		}
		if (publicUrl == null) {
			return null;
		}
		String overrides = this.properties.callback().overrides();
		return publicUrl + this.basePath + this.properties.path()
				+ (StringUtils.hasText(overrides) ? "#" + overrides : "");
	}

	@Nullable String publicUrl() {
		return this.publicUrl.obtain().orElse(null);
	}

	// A local API doesn't report to production.
	private @Nullable String configured() {
		URI configured = TwilioPropertiesChecks.publicUrl(this.properties);
		return (configured != null && (!this.local || isOnThisMachine(configured)))
				? StringUtils.trimTrailingCharacter(configured.toString(), '/') : null;
	}

	/**
	 * What may be shown of a URL.
	 * @param url the URL, or {@code null}
	 * @return the URL without user name and password, which leave an ellipsis
	 */
	static @Nullable String shown(@Nullable String url) {
		return (url != null) ? url.replaceFirst("://[^/?#]*@", "://…@") : null;
	}

	private static boolean isOnThisMachine(URI url) {
		return LOOPBACK.contains(String.valueOf(url.getHost()));
	}

	void webServerStarted(int port) {
		this.localPort = port;
	}

}

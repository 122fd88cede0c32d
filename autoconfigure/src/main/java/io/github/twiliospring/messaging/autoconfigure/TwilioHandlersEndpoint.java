package io.github.twiliospring.messaging.autoconfigure;

import java.util.List;

import io.github.twiliospring.messaging.webhook.HandlerDescription;
import io.github.twiliospring.messaging.webhook.Webhooks;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Shows the methods that webhooks are handed to, and the URLs at which the provider
 * reaches them.
 */
@Endpoint(id = "twiliohandlers")
public class TwilioHandlersEndpoint {

	private final Webhooks webhooks;

	private final StatusCallbackAddress address;

	TwilioHandlersEndpoint(Webhooks webhooks, StatusCallbackAddress address) {
		this.webhooks = webhooks;
		this.address = address;
	}

	/**
	 * The methods in the order in which they are called.
	 * @return URL and methods
	 */
	@ReadOperation
	public Handlers handlers() {
		return new Handlers(StatusCallbackAddress.shown(this.address.url()), this.webhooks.statusCallbacks(),
				this.webhooks.inboundMessages());
	}

	/**
	 * What is shown.
	 *
	 * @param statusCallbackUrl the URL for status updates, without user name and
	 * password, {@code null} where it isn't known
	 * @param statusCallbacks the methods that get status updates
	 * @param inboundMessages the methods that get incoming messages
	 */
	public record Handlers(@Nullable String statusCallbackUrl, List<HandlerDescription> statusCallbacks,
			List<HandlerDescription> inboundMessages) {

	}

}

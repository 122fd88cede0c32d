package io.github.twiliospring.messaging.autoconfigure;

import java.util.List;

import io.github.twiliospring.messaging.webhook.dispatch.HandlerDescription;
import io.github.twiliospring.messaging.webhook.dispatch.InboundMessageHandlers;
import io.github.twiliospring.messaging.webhook.dispatch.StatusCallbackHandlers;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Shows the methods that webhooks are handed to, and the URLs at which the provider
 * reaches them.
 */
@Endpoint(id = "twiliohandlers")
public class TwilioHandlersEndpoint {

	private final StatusCallbackHandlers statusCallbacks;

	private final InboundMessageHandlers inboundMessages;

	private final StatusCallbackAddress address;

	TwilioHandlersEndpoint(StatusCallbackHandlers statusCallbacks, InboundMessageHandlers inboundMessages,
			StatusCallbackAddress address) {
		this.statusCallbacks = statusCallbacks;
		this.inboundMessages = inboundMessages;
		this.address = address;
	}

	/**
	 * The methods in the order in which they are called.
	 * @return URL and methods
	 */
	@ReadOperation
	public Handlers handlers() {
		return new Handlers(this.address.url(), this.statusCallbacks.describe(), this.inboundMessages.describe());
	}

	/**
	 * What is shown.
	 *
	 * @param statusCallbackUrl the URL for delivery reports, {@code null} where it isn't
	 * known
	 * @param statusCallbacks the methods that get delivery reports
	 * @param inboundMessages the methods that get incoming messages
	 */
	public record Handlers(@Nullable String statusCallbackUrl, List<HandlerDescription> statusCallbacks,
			List<HandlerDescription> inboundMessages) {

	}

}

package io.github.twiliospring.messaging.simulator.network;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A Messaging Service.
 *
 * @param sid {@code MG…}
 * @param senders its pool; none in it makes sending fail
 * @param statusCallback where its messages report unless they say otherwise, or
 * {@code null}
 * @param inboundUrl the webhook for what arrives at its senders, or {@code null}
 */
public record MessagingService(String sid, List<String> senders, @Nullable String statusCallback,
		@Nullable String inboundUrl) {

	/**
	 * Copies the pool.
	 * @param sid {@code MG…}
	 * @param senders its pool
	 * @param statusCallback where its messages report, or {@code null}
	 * @param inboundUrl its webhook, or {@code null}
	 */
	public MessagingService {
		senders = List.copyOf(senders);
	}

	/**
	 * The senders on a recipient's channel.
	 * @param recipient number or channel address
	 * @return a part of the pool
	 */
	public List<String> sendersFor(String recipient) {
		String channel = channelOf(recipient);
		return this.senders.stream().filter((sender) -> channelOf(sender).equals(channel)).toList();
	}

	private static String channelOf(String address) {
		return address.substring(0, Math.max(0, address.indexOf(':')));
	}

	// Without the URLs, which may hold passwords.
	@Override
	public String toString() {
		return "MessagingService[" + this.sid + "]";
	}

}

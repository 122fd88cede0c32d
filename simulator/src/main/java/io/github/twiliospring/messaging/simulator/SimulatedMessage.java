package io.github.twiliospring.messaging.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.engine.StatusChange;
import io.github.twiliospring.messaging.simulator.engine.StoredMedia;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message as it stood when it was asked for, with the names that the resource has, too.
 * Immutable; its {@code toString} shows neither the body nor a whole number.
 *
 * @param sid the message's SID, {@code SM…} or {@code MM…}
 * @param accountSid the account that sent or received it
 * @param messagingServiceSid the Messaging Service it was sent with, or {@code null}
 * @param from the sender, {@code null} as long as a Messaging Service hasn't picked one
 * @param to the recipient, a number or channel address
 * @param body the text, empty if there's none, or it was redacted
 * @param status where it stands
 * @param direction which way it went
 * @param numSegments how many SMS it takes, 1 or more
 * @param price what it cost, a negative amount in US dollars, {@code null} before it was
 * sent
 * @param errorCode why it failed or wasn't delivered, or {@code null}
 * @param dateCreated when the API took it, on the simulator's clock
 * @param dateSent when it was sent, {@code null} as long as it wasn't
 * @param sendAt when it was scheduled for, {@code null} if it wasn't
 * @param statusCallback where its status is reported, the URL with its fragment, or
 * {@code null}
 * @param mediaUrls the addresses of its media, in order
 * @param transitions all its stations, the initial status first
 */
public record SimulatedMessage(String sid, String accountSid, @Nullable String messagingServiceSid,
		@Nullable String from, String to, String body, MessageStatus status, MessageDirection direction,
		int numSegments, @Nullable BigDecimal price, @Nullable Integer errorCode, Instant dateCreated,
		@Nullable Instant dateSent, @Nullable Instant sendAt, @Nullable String statusCallback, List<String> mediaUrls,
		List<Transition> transitions) {

	static SimulatedMessage of(StoredMessage message) {
		return new SimulatedMessage(message.sid(), message.account().sid(), message.draft().addresses().serviceSid(),
				message.from(), message.to(), message.body(), message.status(), message.direction(), message.segments(),
				message.price(), message.errorCode(), message.created(), message.sent(),
				message.draft().timing().sendAt(), message.draft().reporting().statusCallback(),
				message.media().stream().map(StoredMedia::url).toList(),
				message.history().stream().map(Transition::of).toList());
	}

	@Override
	public String toString() {
		return "SimulatedMessage[" + this.sid + ", to " + Masking.address(this.to) + ", " + this.status.value()
				+ ((this.errorCode != null) ? " " + this.errorCode : "") + "]";
	}

	/**
	 * One station of a message.
	 *
	 * @param status where it arrived
	 * @param errorCode why it failed, or {@code null}
	 * @param at when, on the simulator's clock
	 */
	public record Transition(MessageStatus status, @Nullable Integer errorCode, Instant at) {

		static Transition of(StatusChange change) {
			return new Transition(change.status(), change.errorCode(), change.at());
		}

	}

}

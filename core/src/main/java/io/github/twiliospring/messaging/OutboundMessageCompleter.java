package io.github.twiliospring.messaging;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.message.CreateParameter;
import io.github.twiliospring.messaging.message.MessageFault;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.message.SendAttempt;
import io.github.twiliospring.messaging.message.SidKind;
import io.github.twiliospring.messaging.webhook.StatusCallbackUrl;
import org.jspecify.annotations.Nullable;

/**
 * Makes a message ready for the wire: the configured sender and StatusCallback URL are
 * filled in, and the rules that need configuration or a clock are checked.
 */
final class OutboundMessageCompleter {

	// API page "Message resource", parameter SendAt, as it is today.
	private static final Duration WIDENED_MINIMUM = Duration.ofMinutes(5);

	private static final Duration WIDENED_MAXIMUM = Duration.ofDays(35);

	private static final int SEND_ID_LIMIT = 100;

	private final @Nullable String from;

	private final @Nullable String messagingServiceSid;

	private final Supplier<@Nullable String> statusCallback;

	private final MessageLimits limits;

	private final Clock clock;

	/**
	 * Completes messages.
	 * @param from the sender of messages that name none, or {@code null}
	 * @param messagingServiceSid the Messaging Service of messages that name no sender,
	 * or {@code null}; wins over {@code from}
	 * @param statusCallback gives the URL for the status updates of messages that name
	 * none, or {@code null}
	 * @param limits the limits to check
	 * @param clock what they're measured on
	 */
	OutboundMessageCompleter(@Nullable String from, @Nullable String messagingServiceSid,
			Supplier<@Nullable String> statusCallback, MessageLimits limits, Clock clock) {
		this.from = from;
		this.messagingServiceSid = messagingServiceSid;
		this.statusCallback = statusCallback;
		this.limits = limits;
		this.clock = clock;
	}

	Clock clock() {
		return this.clock;
	}

	/**
	 * Fills in the sender, and checks nothing.
	 */
	OutboundMessageBuilder withSender(OutboundMessage message) {
		OutboundMessageBuilder builder = message.toBuilder();
		if (message.from() == null && message.messagingServiceSid() == null) {
			if (this.messagingServiceSid != null) {
				builder.messagingServiceSid(this.messagingServiceSid);
			}
			else {
				builder.from(this.from);
			}
		}
		return builder;
	}

	/**
	 * Completes a message.
	 * @param message the message
	 * @param givenSendId the caller's own send id, or {@code null}
	 * @return the attempt to send it, which keeps a given send id even where no
	 * StatusCallback URL carries it
	 * @throws InvalidMessageException with every fault that was found
	 */
	SendAttempt complete(OutboundMessage message, @Nullable String givenSendId) {
		Instant now = this.clock.instant();
		OutboundMessageBuilder builder = withSender(message);
		String sendId = fillInStatusCallback(message, builder, givenSendId, now);
		OutboundMessage complete = builder.build();
		List<MessageFault> faults = new ArrayList<>(complete.faults());
		checkSender(complete, faults);
		checkTimes(complete, now, faults);
		if (message.reference() != null && sendId == null && !hasApplication(message)) {
			faults.add(new MessageFault("reference", "can't come back without a StatusCallback URL; give the message"
					+ " one, or configure twilio.messaging.webhook.public-url"));
		}
		if (givenSendId != null && (givenSendId.isBlank() || givenSendId.length() > SEND_ID_LIMIT)) {
			faults.add(new MessageFault("sendId",
					"has %d characters, it must have 1 to %d".formatted(givenSendId.length(), SEND_ID_LIMIT)));
		}
		if (!faults.isEmpty()) {
			throw new InvalidMessageException(faults, message.reference());
		}
		return new SendAttempt(complete, (sendId != null) ? sendId : givenSendId, now);
	}

	private @Nullable String fillInStatusCallback(OutboundMessage message, OutboundMessageBuilder builder,
			@Nullable String givenSendId, Instant now) {
		URI given = message.statusCallback();
		String url = (given != null) ? given.toString() : this.statusCallback.get();
		if (url == null || hasApplication(message)) {
			return null;
		}
		String sendId = (givenSendId != null) ? givenSendId : UUID.randomUUID().toString();
		builder.statusCallback(StatusCallbackUrl.decorate(url, message.reference(), sendId, now));
		return sendId;
	}

	private void checkSender(OutboundMessage message, List<MessageFault> faults) {
		if (message.from() == null && message.messagingServiceSid() == null) {
			faults.add(new MessageFault(CreateParameter.FROM.wireName(),
					"is missing, and so is MessagingServiceSid;"
							+ " give the message a sender, or configure twilio.messaging.messaging-service-sid or"
							+ " twilio.messaging.from"));
		}
		if (message.from() != null && message.messagingServiceSid() != null
				&& !this.limits.fromWithMessagingService()) {
			faults.add(new MessageFault(CreateParameter.FROM.wireName(),
					"must be left out where MessagingServiceSid"
							+ " is given; set twilio.messaging.limits.from-with-messaging-service=true if your account"
							+ " allows both"));
		}
	}

	private void checkTimes(OutboundMessage message, Instant now, List<MessageFault> faults) {
		Duration validity = message.validityPeriod();
		if (validity != null && validity.compareTo(this.limits.validityMaximum()) > 0) {
			faults.add(new MessageFault(CreateParameter.VALIDITY_PERIOD.wireName(),
					"is %d seconds, the limit is %d; the provider has since widened it to 36000, which"
						.formatted(validity.getSeconds(), this.limits.validityMaximum().getSeconds())
							+ " twilio.messaging.limits.validity-maximum=10h allows"));
		}
		Instant sendAt = message.sendAt();
		if (sendAt == null) {
			return;
		}
		boolean service = message.messagingServiceSid() != null || SidKind.MESSAGING_SERVICE.matches(message.from());
		if (!service) {
			faults.add(new MessageFault(CreateParameter.MESSAGING_SERVICE_SID.wireName(),
					"is missing; scheduling needs a Messaging Service, a From number can't schedule"));
		}
		if (sendAt.isBefore(now.plus(this.limits.scheduleMinimum()))) {
			faults.add(new MessageFault(CreateParameter.SEND_AT.wireName(),
					"is %s (%s), it must be at least %s from now (%s)".formatted(
							sendAt.isBefore(now) ? "past" : "too soon", sendAt, text(this.limits.scheduleMinimum()),
							text(now))
							+ (sendAt.isBefore(now.plus(WIDENED_MINIMUM)) ? ""
									: "; the provider has since widened the window to 5 minutes, which"
											+ " twilio.messaging.limits.schedule-minimum=5m allows")));
		}
		if (sendAt.isAfter(now.plus(this.limits.scheduleMaximum()))) {
			faults.add(new MessageFault(CreateParameter.SEND_AT.wireName(),
					"is too late (%s), it must be at most %s from now (%s)".formatted(sendAt,
							text(this.limits.scheduleMaximum()), text(now))
							+ (sendAt.isAfter(now.plus(WIDENED_MAXIMUM)) ? ""
									: "; the provider has since widened the window to 35 days, which"
											+ " twilio.messaging.limits.schedule-maximum=35d allows")));
		}
	}

	// A simulator's clock may have been moved ahead.
	private static String text(Instant now) {
		boolean real = Duration.between(now, Instant.now()).abs().compareTo(Duration.ofHours(1)) < 0;
		return real ? now.toString() : now + " by the API's clock";
	}

	private static String text(Duration duration) {
		if (duration.equals(Duration.ofDays(duration.toDays()))) {
			return duration.toDays() + " days";
		}
		return duration.equals(Duration.ofMinutes(duration.toMinutes())) ? duration.toMinutes() + " minutes"
				: duration.toString();
	}

	private static boolean hasApplication(OutboundMessage message) {
		return message.applicationSid() != null;
	}

}

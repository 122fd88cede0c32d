package io.github.twiliospring.messaging;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.message.CreateParameter;
import io.github.twiliospring.messaging.message.MessageFault;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.message.OutboundMessageBuilder;
import io.github.twiliospring.messaging.webhook.StatusCallbackUrl;
import org.jspecify.annotations.Nullable;

/**
 * Makes a message ready for the wire: the configured sender and StatusCallback URL are
 * filled in, and the rules that need configuration or a clock are checked.
 */
final class OutboundMessageCompleter {

	// API page "Message resource", parameter SendAt.
	private static final Duration WIDENED_SCHEDULE = Duration.ofDays(35);

	private final MessagingSettings settings;

	private final Clock clock;

	private final SendIds sendIds = new SendIds();

	OutboundMessageCompleter(MessagingSettings settings, Clock clock) {
		this.settings = settings;
		this.clock = clock;
	}

	/**
	 * Completes a message.
	 * @throws InvalidMessageException with every fault that was found
	 */
	Completed complete(OutboundMessage message) {
		Instant now = this.clock.instant();
		OutboundMessageBuilder builder = message.toBuilder();
		if (message.from() == null && message.messagingServiceSid() == null) {
			if (this.settings.messagingServiceSid() != null) {
				builder.messagingServiceSid(this.settings.messagingServiceSid());
			}
			else {
				builder.from(this.settings.from());
			}
		}
		String sendId = fillInStatusCallback(message, builder, now);
		OutboundMessage complete = builder.build();
		List<MessageFault> faults = new ArrayList<>(complete.faults());
		checkSender(complete, faults);
		checkTimes(complete, now, faults);
		if (message.reference() != null && sendId == null && !hasApplication(message)) {
			faults.add(new MessageFault("reference", "can't come back without a StatusCallback URL; give the message"
					+ " one, or configure twilio.messaging.webhook.public-url"));
		}
		if (!faults.isEmpty()) {
			throw new InvalidMessageException(faults, message.reference());
		}
		return new Completed(complete, sendId);
	}

	private @Nullable String fillInStatusCallback(OutboundMessage message, OutboundMessageBuilder builder,
			Instant now) {
		URI given = message.statusCallback();
		String url = (given != null) ? given.toString() : this.settings.statusCallback().get();
		if (url == null || hasApplication(message)) {
			return null;
		}
		String sendId = this.sendIds.next();
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
				&& !this.settings.limits().fromWithMessagingService()) {
			faults.add(new MessageFault(CreateParameter.FROM.wireName(),
					"must be left out where MessagingServiceSid"
							+ " is given; set twilio.messaging.limits.from-with-messaging-service=true if your account"
							+ " allows both"));
		}
	}

	private void checkTimes(OutboundMessage message, Instant now, List<MessageFault> faults) {
		MessageLimits limits = this.settings.limits();
		Duration validity = message.validityPeriod();
		if (validity != null && validity.compareTo(limits.validityMaximum()) > 0) {
			faults.add(new MessageFault(CreateParameter.VALIDITY_PERIOD.wireName(),
					"is %d seconds, the limit is %d; the provider has since widened it to 36000, which"
						.formatted(validity.getSeconds(), limits.validityMaximum().getSeconds())
							+ " twilio.messaging.limits.validity-maximum=10h allows"));
		}
		Instant sendAt = message.sendAt();
		if (sendAt == null) {
			return;
		}
		boolean service = message.messagingServiceSid() != null
				|| (message.from() != null && message.from().startsWith("MG"));
		if (!service) {
			faults.add(new MessageFault(CreateParameter.MESSAGING_SERVICE_SID.wireName(),
					"is missing; scheduling needs a Messaging Service, a From number can't schedule"));
		}
		if (sendAt.isBefore(now.plus(limits.scheduleMinimum()))) {
			faults.add(new MessageFault(CreateParameter.SEND_AT.wireName(),
					"is %s (%s), it must be at least %s from now (%s)".formatted(
							sendAt.isBefore(now) ? "past" : "too soon", sendAt, text(limits.scheduleMinimum()),
							text(now))));
		}
		if (sendAt.isAfter(now.plus(limits.scheduleMaximum()))) {
			faults.add(new MessageFault(CreateParameter.SEND_AT.wireName(),
					"is too late (%s), it must be at most %s from now (%s)".formatted(sendAt,
							text(limits.scheduleMaximum()), text(now))
							+ (sendAt.isAfter(now.plus(WIDENED_SCHEDULE)) ? ""
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

	/**
	 * A message that is ready for the wire.
	 *
	 * @param message the message with sender and StatusCallback URL
	 * @param sendId the random id in that URL, or {@code null} without one
	 */
	record Completed(OutboundMessage message, @Nullable String sendId) {

	}

}

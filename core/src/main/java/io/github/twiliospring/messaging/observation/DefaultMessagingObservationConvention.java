package io.github.twiliospring.messaging.observation;

import java.util.Locale;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import io.github.twiliospring.messaging.error.MessageOutcomeUnknownException;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import io.github.twiliospring.messaging.observation.MessagingObservationDocumentation.Key;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ConcurrentLruCache;

/**
 * The names and keys that {@link MessagingObservationDocumentation} lists.
 */
public class DefaultMessagingObservationConvention implements MessagingObservationConvention {

	/** The timer's name. */
	public static final String NAME = "twilio.messaging.operations";

	private static final ConcurrentLruCache<String, String> CONTEXTUAL_NAMES = new ConcurrentLruCache<>(32,
			"twilio "::concat);

	/**
	 * Has no state.
	 */
	public DefaultMessagingObservationConvention() {
	}

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public String getContextualName(MessagingObservationContext context) {
		return CONTEXTUAL_NAMES.get(context.getOperation());
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(MessagingObservationContext context) {
		// In the order of their names, in which they needn't be sorted.
		return KeyValues.of(Key.CHANNEL.withValue(context.getChannel()),
				Key.ERROR_CATEGORY.withValue(category(context.getError())),
				Key.OPERATION.withValue(context.getOperation()), Key.OUTCOME.withValue(outcome(context)));
	}

	private static String outcome(MessagingObservationContext context) {
		Throwable error = context.getError();
		if (error == null) {
			return context.isCanceled() ? "canceled" : (context.isEnded() ? "accepted" : "none");
		}
		if (error instanceof InvalidMessageException) {
			return "invalid";
		}
		if (error instanceof MessageRejectedException) {
			return "rejected";
		}
		if (error instanceof MessageNotSentException) {
			return "not_sent";
		}
		if (error instanceof MessageOutcomeUnknownException) {
			return "unknown";
		}
		return (error instanceof MessagingUnavailableException) ? "unavailable" : "error";
	}

	private static String category(@Nullable Throwable error) {
		return (error instanceof MessageRejectedException rejected)
				? rejected.getCategory().name().toLowerCase(Locale.ROOT) : "none";
	}

}

package io.github.twiliospring.messaging.observation;

import java.util.Locale;

import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.observation.WebhookObservationDocumentation.Key;
import io.micrometer.common.KeyValues;

/**
 * The default names. No tag holds anything that a stranger could choose.
 */
public class DefaultWebhookObservationConvention implements WebhookObservationConvention {

	private static final String NONE = "none";

	/**
	 * Has no state.
	 */
	public DefaultWebhookObservationConvention() {
	}

	@Override
	public String getName() {
		return "twilio.messaging.webhook";
	}

	@Override
	public String getContextualName(WebhookObservationContext context) {
		return "twilio webhook " + context.getKind();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(WebhookObservationContext context) {
		MessageStatus status = context.getStatus();
		ErrorCategory category = context.getErrorCategory();
		return KeyValues.of(Key.KIND.withValue(context.getKind()), Key.OUTCOME.withValue(context.getOutcome().value()),
				Key.STATUS.withValue((status != null) ? status.value() : NONE),
				Key.ERROR_CATEGORY.withValue((category != null) ? category.name().toLowerCase(Locale.ROOT) : NONE));
	}

}

package io.github.twiliospring.messaging.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation of a webhook. A bean of this type replaces the default.
 */
public interface WebhookObservationConvention extends ObservationConvention<WebhookObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof WebhookObservationContext;
	}

}

package io.github.twiliospring.messaging.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and keys of the client's observations. Declared as a bean, it replaces
 * {@link DefaultMessagingObservationConvention}.
 */
public interface MessagingObservationConvention extends ObservationConvention<MessagingObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof MessagingObservationContext;
	}

}

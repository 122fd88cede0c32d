package io.github.twiliospring.messaging.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * What is observed of webhooks.
 */
public enum WebhookObservation implements ObservationDocumentation {

	/**
	 * One request to a webhook, from its first byte to the answer.
	 */
	WEBHOOK {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultWebhookObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityTags.values();
		}

	};

	/**
	 * Tags with few values.
	 */
	public enum LowCardinalityTags implements KeyName {

		/** What the endpoint takes: status or inbound. */
		KIND {

			@Override
			public String asString() {
				return "twilio.webhook.kind";
			}

		},

		/** What became of it, see {@link WebhookOutcome}. */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		},

		/** The message's status, none where the request was refused. */
		STATUS {

			@Override
			public String asString() {
				return "twilio.message.status";
			}

		},

		/** The category of the message's error, or none. */
		ERROR_CATEGORY {

			@Override
			public String asString() {
				return "twilio.error.category";
			}

		}

	}

}

package io.github.twiliospring.messaging.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * What is observed of webhooks.
 */
public enum WebhookObservationDocumentation implements ObservationDocumentation {

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
			return Key.values();
		}

	};

	/**
	 * The keys, all with values of closed sets.
	 */
	public enum Key implements KeyName {

		/** What the endpoint takes: status or inbound. */
		KIND {

			@Override
			public String asString() {
				return "twilio.messaging.webhook.kind";
			}

		},

		/** What became of it, see {@link WebhookOutcome}. */
		OUTCOME {

			@Override
			public String asString() {
				return "twilio.messaging.outcome";
			}

		},

		/** The message's status, none where the request was refused. */
		STATUS {

			@Override
			public String asString() {
				return "twilio.messaging.status";
			}

		},

		/** The category of the message's error, or none. */
		ERROR_CATEGORY {

			@Override
			public String asString() {
				return "twilio.messaging.error.category";
			}

		}

	}

}

package io.github.twiliospring.messaging.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of the client.
 */
public enum MessagingObservationDocumentation implements ObservationDocumentation {

	/**
	 * An operation of the template from its call to its outcome, all attempts and pauses
	 * included. A list has one for each page; the content of a medium ends with its last
	 * byte, or where its reader stops.
	 */
	OPERATION {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultMessagingObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return Key.values();
		}

		@Override
		public Observation.Event[] getEvents() {
			return Event.values();
		}

		@Override
		public String getPrefix() {
			return "twilio.messaging";
		}

	};

	/**
	 * The keys, all with values of closed sets.
	 */
	public enum Key implements KeyName {

		/**
		 * What was asked: create, fetch, list, cancel, redact, delete, list_media,
		 * fetch_media, media_content, delete_media, feedback.
		 */
		OPERATION {

			@Override
			public String asString() {
				return "twilio.messaging.operation";
			}

		},

		/**
		 * How it ended: accepted, invalid, rejected, not_sent, unknown, unavailable,
		 * canceled, error; none while it runs, which is when events are counted.
		 */
		OUTCOME {

			@Override
			public String asString() {
				return "twilio.messaging.outcome";
			}

		},

		/** Where the message goes: sms, whatsapp, messenger, rcs, other, none. */
		CHANNEL {

			@Override
			public String asString() {
				return "twilio.messaging.channel";
			}

		},

		/** The category of the provider's error code, in lower case, or none. */
		ERROR_CATEGORY {

			@Override
			public String asString() {
				return "twilio.messaging.error.category";
			}

		}

	}

	/**
	 * What happens within an operation. Each is a counter as well.
	 */
	public enum Event implements Observation.Event {

		/** A request is about to be made again. */
		RETRY {

			@Override
			public String getName() {
				return "retry";
			}

		}

	}

}

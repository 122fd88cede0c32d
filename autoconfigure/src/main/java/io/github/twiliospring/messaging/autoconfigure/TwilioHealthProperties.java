package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Health of the API.
 *
 * @param enabled Whether there is a health contributor.
 * @param active Whether a health check lists one message. Without it, the outcomes of the
 * application's own calls decide.
 * @param interval How long a call made for health checks counts.
 */
@ConfigurationProperties("management.health.twilio")
record TwilioHealthProperties(@DefaultValue("true") boolean enabled, @DefaultValue("false") boolean active,
		@DefaultValue("1m") Duration interval) {

}

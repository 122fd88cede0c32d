package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Health of the outbox.
 *
 * @param enabled Whether there is a health contributor.
 * @param maxLag How late an entry may be before the outbox counts as down.
 */
@ConfigurationProperties("management.health.twiliooutbox")
record TwilioOutboxHealthProperties(@DefaultValue("true") boolean enabled, @DefaultValue("15m") Duration maxLag) {

}

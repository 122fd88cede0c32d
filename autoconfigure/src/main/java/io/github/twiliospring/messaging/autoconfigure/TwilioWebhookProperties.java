package io.github.twiliospring.messaging.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The webhook's place in the application, beside what {@link TwilioProperties.Webhook}
 * says about its requests.
 *
 * @param behindSecurity Whether the webhook is served behind Spring Security, which then
 * has to let it pass without a CSRF token.
 */
@ConfigurationProperties("twilio.messaging.webhook")
public record TwilioWebhookProperties(@DefaultValue("false") boolean behindSecurity) {

}

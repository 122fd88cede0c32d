package io.github.twiliospring.messaging.autoconfigure;

import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.error.MessageNotSentException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A client that is made by the first call, when that call comes too late.
 */
class ClosedContextTests {

	@Test
	void noClientIsMadeOnceTheApplicationHasEnded() {
		MessagingTemplate[] template = new MessagingTemplate[1];
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(TwilioMessagingAutoConfiguration.class))
			.withPropertyValues("twilio.account-sid=AC0123456789abcdef0123456789abcdef", "twilio.auth-token=secret",
					"twilio.messaging.from=+15017122661", "twilio.messaging.retry.max-attempts=1",
					"twilio.base-url=http://127.0.0.1:1")
			.run((context) -> template[0] = context.getBean(MessagingTemplate.class));
		assertThatExceptionOfType(MessageNotSentException.class)
			.isThrownBy(() -> template[0].send("+15558675310", "Too late").block())
			.havingRootCause()
			.withMessage("The application is shutting down");
	}

}

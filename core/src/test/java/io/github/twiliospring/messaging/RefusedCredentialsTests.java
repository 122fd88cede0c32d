package io.github.twiliospring.messaging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RefusedCredentialsTests {

	@RegisterExtension
	final WireMockExtension api = WireMockExtension.newInstance().build();

	@Test
	void theLogSaysOnceWhatEveryCallEndsWith() {
		this.api.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(401).withBody("{\"code\":20003}")));
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		Logger logger = (Logger) LoggerFactory.getLogger(ApiClient.class);
		logger.addAppender(log);
		MessagingTemplate template = TestTemplates.at(this.api.baseUrl()).build();
		try {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(MessageRejectedException.class)
					.isThrownBy(() -> template.send("+15558675310", "Hi").block());
			}
		}
		finally {
			logger.detachAppender(log);
		}
		String lines = log.list.stream().map(ILoggingEvent::getFormattedMessage).toList().toString();
		assertThat(lines).containsOnlyOnce("The API refuses the credentials (HTTP 401)")
			.doesNotContain("5558675310", TestTemplates.ACCOUNT_SID);
	}

}

package io.github.twiliospring.messaging.autoconfigure;

import java.util.List;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.SendResult;
import io.github.twiliospring.messaging.message.OutboundMessage;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;

/**
 * What a user's test does whose controller takes the blocking face.
 */
@SpringJUnitConfig
@ImportAutoConfiguration(TwilioMessagingAutoConfiguration.class)
class MockedOperationsTests {

	@MockitoBean
	private MessagingOperations messaging;

	@Autowired
	private BlockingMessagingOperations blocking;

	@Test
	void theBlockingBeanCallsTheMock() {
		OutboundMessage message = to("+15558675310").body("Hi").build();
		given(this.messaging.sendAll(ArgumentMatchers.<Iterable<OutboundMessage>>any()))
			.willReturn(Flux.just(new SendResult(message, null, null)));
		assertThat(this.blocking.sendAll(List.of(message))).singleElement()
			.satisfies((result) -> assertThat(result.request()).isSameAs(message));
		assertThatIllegalStateException().isThrownBy(() -> this.blocking.send(message))
			.withMessageStartingWith("MessagingOperations.send returned null");
	}

}

package io.github.twiliospring.messaging.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.message.Message;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two applications in one JVM, as tests and application servers have them.
 */
class TwoContextsTests {

	@Test
	void anApplicationSendsOnAfterAnotherOfTheSameJvmIsClosed() {
		try (ApiStub api = new ApiStub(); ConfigurableApplicationContext remaining = start(api)) {
			assertThat(remaining.getBean(ReactorResourceFactory.class).isUseGlobalResources()).isTrue();
			try (ConfigurableApplicationContext closed = start(api)) {
				send(closed);
				send(remaining);
			}
			send(remaining);
			send(remaining);
			assertThat(api.requests()).hasSize(4);
		}
	}

	@Test
	void anApplicationSendsAfterAnotherWasClosedBeforeItsFirstSend() {
		try (ApiStub api = new ApiStub(); ConfigurableApplicationContext remaining = start(api)) {
			start(api).close();
			send(remaining);
			assertThat(api.requests()).hasSize(1);
		}
	}

	@Test
	void anAnswerThatIsOnItsWayStillArrivesAfterTheContextClosed() throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		try (ApiStub api = new ApiStub()) {
			api.holdAnswersUntil(gate);
			ConfigurableApplicationContext context = start(api);
			CompletableFuture<Message> sent = context.getBean(MessagingOperations.class)
				.send("+15558675310", "Hi")
				.toFuture();
			await().until(() -> api.requests().size() == 1);
			context.close();
			gate.countDown();
			assertThat(sent.get(10, TimeUnit.SECONDS)).isNotNull();
		}
	}

	private static void send(ConfigurableApplicationContext context) {
		assertThat(context.getBean(MessagingOperations.class).send("+15558675310", "Hi").block()).isNotNull();
	}

	private static ConfigurableApplicationContext start(ApiStub api) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(api.properties())
			.properties("spring.reactor.netty.shutdown-quiet-period=0s")
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ TwilioMessagingAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
			WebClientAutoConfiguration.class })
	static class Application {

	}

}

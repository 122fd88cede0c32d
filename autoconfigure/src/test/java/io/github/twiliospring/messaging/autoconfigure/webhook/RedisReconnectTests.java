package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.time.Duration;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * After an outage no instance is back long before another.
 */
class RedisReconnectTests {

	private static final int ATTEMPTS = 50;

	@Test
	void connectsAgainEachSecondAtLeast() {
		assertThat(longestDelay(RedisCallbackLedgerTests.RecorderConfiguration.class, "redis"))
			.isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void leavesLettuceAloneWhereTheMarksAreInMemory() {
		assertThat(longestDelay(RedisCallbackLedgerTests.RecorderConfiguration.class, "memory"))
			.isGreaterThan(Duration.ofSeconds(1));
	}

	@Test
	void letsTheApplicationHaveItsOwnWay() {
		assertThat(longestDelay(OwnConfiguration.class, "redis")).isEqualTo(Duration.ofMillis(7));
	}

	// Nobody listens, and nobody asks.
	private static Duration longestDelay(Class<?> configuration, String store) {
		try (WebhookApplication application = WebhookApplication.start(WebApplicationType.REACTIVE, false,
				configuration, "spring.data.redis.port=1", "twilio.messaging.webhook.ledger.store=" + store)) {
			return application.bean(ClientResources.class).reconnectDelay().createDelay(ATTEMPTS);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConfiguration extends RedisCallbackLedgerTests.RecorderConfiguration {

		@Bean
		ClientResourcesBuilderCustomizer own() {
			return (builder) -> builder.reconnectDelay(Delay.constant(Duration.ofMillis(7)));
		}

	}

}

package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger.RedisLedgerSettings;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * The ledger in Redis.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ReactiveStringRedisTemplate.class)
@ConditionalOnProperty(name = "twilio.messaging.webhook.ledger.store", havingValue = "redis")
class RedisLedgerConfiguration {

	@Bean
	@ConditionalOnMissingBean(CallbackLedger.class)
	RedisCallbackLedger redisCallbackLedger(ReactiveStringRedisTemplate redis, TwilioWebhookProperties properties) {
		TwilioWebhookProperties.Ledger ledger = properties.ledger();
		return new RedisCallbackLedger(redis, new RedisLedgerSettings(ledger.keyPrefix(), ledger.lease(),
				ledger.retention(), ledger.answerRetention(), longestWait(properties)));
	}

	@Bean
	RedisMemoryCheck redisMemoryCheck(ReactiveStringRedisTemplate redis) {
		return new RedisMemoryCheck(redis);
	}

	// Whoever waits longer for another delivery isn't listened to any more.
	static Duration longestWait(TwilioWebhookProperties properties) {
		TwilioWebhookProperties.Request request = properties.request();
		Duration status = request.answerTimeout();
		Duration inbound = request.inboundAnswerTimeout();
		return (status.compareTo(inbound) > 0) ? status : inbound;
	}

	/**
	 * By itself Lettuce waits up to 30 seconds before it connects again, each instance
	 * for itself; meanwhile another that's back sooner would take over its claims. The
	 * application's own customizers come later, and so win.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ClientResources.class, ClientResourcesBuilderCustomizer.class })
	static class LettuceConfiguration {

		private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofSeconds(1);

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ClientResourcesBuilderCustomizer twilioLedgerReconnectDelay() {
			return (builder) -> builder.reconnectDelay(
					Delay.exponential(Duration.ofMillis(1), LONGEST_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS));
		}

	}

}

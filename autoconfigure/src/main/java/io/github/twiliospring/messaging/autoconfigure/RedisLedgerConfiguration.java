package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;

import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger.RedisLedgerSettings;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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
	static Duration longestWait(TwilioProperties properties) {
		TwilioProperties.Request request = properties.messaging().webhook().request();
		Duration status = request.answerTimeout();
		Duration inbound = request.inboundAnswerTimeout();
		return (status.compareTo(inbound) > 0) ? status : inbound;
	}

}

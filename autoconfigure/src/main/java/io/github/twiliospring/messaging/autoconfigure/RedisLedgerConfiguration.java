package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger.RedisLedgerSettings;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.IOUringProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
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
	 * What Lettuce leaves to its users. The application's own customizers come later, and
	 * so win.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ClientResources.class, ClientResourcesBuilderCustomizer.class })
	static class LettuceConfiguration {

		private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofSeconds(1);

		private static final Duration DEAD_AFTER = Duration.ofSeconds(10);

		// By itself it waits up to 30 seconds before it connects again, each instance for
		// itself; meanwhile another that's back sooner would take over its claims. And it
		// stays with a master that has become a replica.
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ClientResourcesBuilderCustomizer twilioLedgerReconnects() {
			return (builder) -> builder
				.reconnectDelay(
						Delay.exponential(Duration.ofMillis(1), LONGEST_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS))
				.nettyCustomizer(new DemotedMasters());
		}

		// A host that dies without a word is found out by the kernel alone, after a
		// quarter of an hour if nobody tells it to be quicker. Lettuce can't tell it
		// where there's no native transport.
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		@ConditionalOnClass(LettuceClientOptionsBuilderCustomizer.class)
		LettuceClientOptionsBuilderCustomizer twilioLedgerDeadHosts(ObjectProvider<DataRedisProperties> properties) {
			return (builder) -> {
				if (EpollProvider.isAvailable() || IOUringProvider.isAvailable()) {
					SocketOptions.Builder options = SocketOptions.builder()
						.tcpUserTimeout(TcpUserTimeoutOptions.builder().enable().tcpUserTimeout(DEAD_AFTER).build());
					// None where the application has a connection factory of its own.
					properties.ifAvailable((known) -> {
						if (known.getConnectTimeout() != null) {
							options.connectTimeout(known.getConnectTimeout());
						}
					});
					builder.socketOptions(options.build());
				}
			};
		}

	}

}

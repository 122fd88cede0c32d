package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.time.Duration;

import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger.RedisLedgerSettings;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.TimeoutOptions;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * What one instance of an application has of a Redis server: a ledger, and a connection
 * of its own whose commands time out, after a second by default.
 */
final class RedisInstance implements AutoCloseable {

	private final LettuceConnectionFactory connections;

	private final RedisCallbackLedger ledger;

	RedisInstance(RedisServer server, RedisLedgerSettings settings) {
		this(server.port(), settings, Duration.ofSeconds(1),
				ClientOptions.builder().timeoutOptions(TimeoutOptions.enabled()).build());
	}

	RedisInstance(int port, RedisLedgerSettings settings, Duration timeout, ClientOptions options) {
		LettuceClientConfiguration client = LettuceClientConfiguration.builder()
			.commandTimeout(timeout)
			.shutdownTimeout(Duration.ZERO)
			.shutdownQuietPeriod(Duration.ZERO)
			.clientOptions(options)
			.build();
		this.connections = new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port), client);
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.ledger = new RedisCallbackLedger(new ReactiveStringRedisTemplate(this.connections), settings);
	}

	CallbackLedger ledger() {
		return this.ledger;
	}

	@Override
	public void close() {
		this.connections.destroy();
	}

}

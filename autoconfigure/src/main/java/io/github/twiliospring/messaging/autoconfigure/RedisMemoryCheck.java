package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.util.Properties;

import io.github.twiliospring.messaging.observation.LateFailures;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * Says once, in the log, where the Redis that keeps the marks forgets them. It asks for
 * {@code INFO}, since {@code CONFIG} is what providers of Redis forbid; where that's
 * forbidden, too, or Redis is away, it says nothing.
 */
class RedisMemoryCheck implements ApplicationListener<ApplicationReadyEvent> {

	private static final Log logger = LogFactory.getLog(RedisMemoryCheck.class);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final ReactiveStringRedisTemplate redis;

	RedisMemoryCheck(ReactiveStringRedisTemplate redis) {
		this.redis = redis;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		// Connecting may block.
		Mono.defer(() -> this.redis.execute((connection) -> info(connection)).next())
			.subscribeOn(Schedulers.boundedElastic())
			.timeout(PATIENCE)
			.onErrorComplete()
			// Redis may be away, of which others tell.
			.contextWrite((context) -> LateFailures.to(context, (failure) -> {
			}))
			.subscribe(RedisMemoryCheck::judge);
	}

	private static Mono<Properties> info(ReactiveRedisConnection connection) {
		return Mono.zip(connection.serverCommands().info("memory"), connection.serverCommands().info("persistence"))
			.map((sections) -> {
				Properties all = new Properties();
				all.putAll(sections.getT1());
				all.putAll(sections.getT2());
				return all;
			});
	}

	private static void judge(Properties info) {
		// A cluster's nodes prefix them with their names.
		boolean evicts = has(info, "maxmemory_policy", "noeviction", false) && has(info, "maxmemory", "0", false);
		if (evicts) {
			logger.warn("Redis may evict the marks that keep status updates from being handed on twice or backwards:"
					+ " set its maxmemory-policy to noeviction");
		}
		if (has(info, "aof_enabled", "0", true)) {
			logger.warn("Redis forgets the marks that keep status updates from being handed on twice or backwards"
					+ " when it restarts: set its appendonly to yes");
		}
	}

	private static boolean has(Properties info, String name, String value, boolean equal) {
		return info.stringPropertyNames()
			.stream()
			.filter((each) -> each.equals(name) || each.endsWith("." + name))
			.anyMatch((each) -> value.equals(info.getProperty(each)) == equal);
	}

}

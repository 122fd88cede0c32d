package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger.RedisLedgerSettings;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The steps of a claim in Redis. Each is one script, and so atomic, and may come twice,
 * late or in another order than it was sent in: a client sends again what was not
 * answered, and a server that was frozen works off what was given up long ago.
 */
final class RedisClaims {

	static final String CLAIMED = "CLAIMED";

	static final String RUNNING = "RUNNING";

	// An instance whose renewals were held up by Redis itself gets its chance to renew.
	private static final Duration LONGEST_GRACE = Duration.ofSeconds(3);

	private static final String NOW = """
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			""";

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> CLAIM = RedisScript.of(NOW + """
			if redis.call('HEXISTS', KEYS[1], 's:' .. ARGV[2]) == 1 then
				return {'DUPLICATE', redis.call('GET', KEYS[2]) or ''}
			end
			if redis.call('EXISTS', KEYS[3]) == 1 then
				return {'REVOKED', ''}
			end
			local holder = redis.call('HGET', KEYS[1], 'claim')
			if holder and holder ~= ARGV[1] then
				if tonumber(redis.call('HGET', KEYS[1], 'until') or '0') > now then
					return {'RUNNING', ''}
				end
				if redis.call('HGET', KEYS[1], 'grace') ~= holder then
					redis.call('HSET', KEYS[1], 'grace', holder, 'until', string.format('%.0f', now + ARGV[7]))
					return {'RUNNING', ''}
				end
			end
			local rank = tonumber(ARGV[3])
			local highest = tonumber(redis.call('HGET', KEYS[1], 'rank') or '-1')
			if rank >= 0 and rank <= highest and ARGV[4] ~= 'true' then
				return {'STALE', ''}
			end
			redis.call('HSET', KEYS[1], 'claim', ARGV[1], 'until', string.format('%.0f', now + ARGV[5]))
			redis.call('HDEL', KEYS[1], 'grace')
			redis.call('PEXPIRE', KEYS[1], ARGV[6])
			return {'CLAIMED', ''}
			""", List.class);

	// Where nobody holds it, Redis has lost it: restored, unless it had ended.
	private static final RedisScript<Long> RENEW = RedisScript.of(NOW + """
			local holder = redis.call('HGET', KEYS[1], 'claim')
			if holder and holder ~= ARGV[1] then
				return 0
			end
			if not holder and (redis.call('HEXISTS', KEYS[1], 's:' .. ARGV[2]) == 1
					or redis.call('EXISTS', KEYS[3]) == 1) then
				return 0
			end
			redis.call('HSET', KEYS[1], 'claim', ARGV[1], 'until', string.format('%.0f', now + ARGV[3]))
			redis.call('HDEL', KEYS[1], 'grace')
			redis.call('PEXPIRE', KEYS[1], ARGV[4])
			return 1
			""", Long.class);

	// What was handled was handled, whoever holds the claim by now.
	private static final RedisScript<Long> COMPLETE = RedisScript.of("""
			redis.call('HSET', KEYS[1], 's:' .. ARGV[2], '1')
			if tonumber(ARGV[3]) > tonumber(redis.call('HGET', KEYS[1], 'rank') or '-1') then
				redis.call('HSET', KEYS[1], 'rank', ARGV[3])
			end
			local holder = redis.call('HGET', KEYS[1], 'claim')
			local fenced = holder and holder ~= ARGV[1]
			if holder and not fenced then
				redis.call('HDEL', KEYS[1], 'claim', 'until', 'grace')
			end
			redis.call('PEXPIRE', KEYS[1], ARGV[4])
			if ARGV[5] ~= '' and not (fenced and redis.call('EXISTS', KEYS[2]) == 1) then
				redis.call('SET', KEYS[2], ARGV[5], 'PX', ARGV[6])
			end
			return fenced and 0 or 1
			""", Long.class);

	// A claim with this token that comes later is refused; where there's no memory, none
	// is made anyway.
	private static final RedisScript<Long> RELEASE = RedisScript.of("""
			local mine = redis.call('HGET', KEYS[1], 'claim') == ARGV[1]
			if mine then
				redis.call('HDEL', KEYS[1], 'claim', 'until', 'grace')
			end
			local set = redis.pcall('SET', KEYS[3], '1', 'PX', ARGV[2])
			if type(set) == 'table' and set.err and not string.find(set.err, 'OOM') then
				return set
			end
			return mine and 1 or 0
			""", Long.class);

	private final ReactiveStringRedisTemplate redis;

	private final RedisLedgerSettings settings;

	private volatile Mono<Boolean> connection;

	RedisClaims(ReactiveStringRedisTemplate redis, RedisLedgerSettings settings) {
		this.redis = redis;
		this.settings = settings;
		this.connection = connection(redis);
	}

	/**
	 * Lets the next one who needs the connection wait for it, as at first.
	 */
	void connectAnew() {
		this.connection = connection(this.redis);
	}

	/**
	 * Claims a message for a handler, unless another has it; with a token that has it
	 * already, again.
	 * @return what came of it, and a duplicate's answer
	 */
	@SuppressWarnings("unchecked")
	Mono<List<String>> claim(RedisClaim claim) {
		StatusMark mark = claim.mark();
		Duration lease = this.settings.lease();
		Duration grace = (lease.compareTo(LONGEST_GRACE) < 0) ? lease : LONGEST_GRACE;
		return execute(CLAIM, claim, mark.status(), String.valueOf(mark.rank()), String.valueOf(mark.acceptLate()),
				millis(lease), millis(this.settings.retention()), millis(grace))
			.map((reply) -> (List<String>) reply);
	}

	/**
	 * Holds a claim for another lease.
	 * @return {@code false} where it's another's by now
	 */
	Mono<Boolean> renew(RedisClaim claim) {
		return execute(RENEW, claim, claim.mark().status(), millis(this.settings.lease()),
				millis(this.settings.retention()))
			.map(RedisClaims::isTrue);
	}

	/**
	 * Marks a status as handled, and ends the claim.
	 * @return {@code false} where it was another's by then, and stays so
	 */
	Mono<Boolean> complete(RedisClaim claim, @Nullable String answer) {
		StatusMark mark = claim.mark();
		return execute(COMPLETE, claim, mark.status(), String.valueOf(mark.rank()), millis(this.settings.retention()),
				(answer != null) ? answer : "", millis(this.settings.answerRetention()))
			.map(RedisClaims::isTrue);
	}

	/**
	 * Ends a claim, made or still on its way.
	 * @return {@code false} where there was none, or it was another's by then, and stays
	 * so
	 */
	Mono<Boolean> release(RedisClaim claim) {
		return execute(RELEASE, claim, millis(this.settings.lease())).map(RedisClaims::isTrue);
	}

	private <T> Mono<T> execute(RedisScript<T> script, RedisClaim claim, String... arguments) {
		List<String> all = Stream.concat(Stream.of(claim.token()), Stream.of(arguments)).toList();
		return this.connection
			.then(Mono.defer(() -> this.redis.execute(script, claim.keys(this.settings.keyPrefix()), all).next()));
	}

	// The first one to need the connection blocks until it's there, however long; that's
	// nothing for the thread of a web server or a client. All share one attempt.
	private static Mono<Boolean> connection(ReactiveStringRedisTemplate redis) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("twilio-ledger-");
		threads.setDaemon(true);
		return Mono.fromCallable(() -> {
			redis.getConnectionFactory().getReactiveConnection().close();
			return true;
		})
			.subscribeOn(Schedulers
				.fromExecutor(new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads)))
			.cacheInvalidateIf((connected) -> false);
	}

	private static boolean isTrue(Long reply) {
		return reply != 0;
	}

	private static String millis(Duration duration) {
		return String.valueOf(duration.toMillis());
	}

	/**
	 * One delivery's claim.
	 *
	 * @param key the message and the handler
	 * @param mark the status
	 * @param token tells it from any other
	 */
	record RedisClaim(LedgerKey key, StatusMark mark, String token) {

		List<String> keys(String prefix) {
			// The braces keep all keys on one node of a cluster.
			String name = prefix + "{" + this.key.accountSid() + ":" + this.key.messageSid() + ":"
					+ this.key.handler().replace('{', '(').replace('}', ')') + "}";
			return List.of(name, name + ":answer", name + ":ended:" + this.token);
		}

	}

}

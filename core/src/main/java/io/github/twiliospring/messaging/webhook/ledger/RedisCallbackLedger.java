package io.github.twiliospring.messaging.webhook.ledger;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.ContextView;
import reactor.util.retry.Retry;

import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Keeps the marks in Redis, for applications of several instances. Each step is one
 * script, and so atomic; time is the server's.
 * <p>
 * A claim is a lease that its instance renews while the handler runs. If the instance
 * dies, the lease runs out and the next delivery is handled; if Redis can't be reached,
 * nothing is handled and the delivery fails, so that the provider repeats it. A crash
 * between the end of a handler and the marking repeats the handler: at least once across
 * crashes, once otherwise.
 */
public final class RedisCallbackLedger implements CallbackLedger {

	private static final Log logger = LogFactory.getLog(RedisCallbackLedger.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

	private static final String CLAIMED = "CLAIMED";

	private static final String RUNNING = "RUNNING";

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> CLAIM = RedisScript.of("""
			if redis.call('HEXISTS', KEYS[1], 's:' .. ARGV[2]) == 1 then
				return {'DUPLICATE', redis.call('GET', KEYS[2]) or ''}
			end
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			if tonumber(redis.call('HGET', KEYS[1], 'until') or '0') > now then
				return {'RUNNING', ''}
			end
			local rank = tonumber(ARGV[3])
			local highest = tonumber(redis.call('HGET', KEYS[1], 'rank') or '-1')
			if rank >= 0 and rank <= highest and ARGV[4] ~= 'true' then
				return {'STALE', ''}
			end
			redis.call('HSET', KEYS[1], 'claim', ARGV[1], 'until', string.format('%.0f', now + ARGV[5]))
			redis.call('PEXPIRE', KEYS[1], ARGV[6])
			return {'CLAIMED', ''}
			""", List.class);

	private static final RedisScript<Long> RENEW = RedisScript.of("""
			if redis.call('HGET', KEYS[1], 'claim') ~= ARGV[1] then
				return 0
			end
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + ARGV[2]))
			redis.call('PEXPIRE', KEYS[1], ARGV[3])
			return 1
			""", Long.class);

	private static final RedisScript<Long> COMPLETE = RedisScript.of("""
			redis.call('HSET', KEYS[1], 's:' .. ARGV[2], '1')
			if tonumber(ARGV[3]) > tonumber(redis.call('HGET', KEYS[1], 'rank') or '-1') then
				redis.call('HSET', KEYS[1], 'rank', ARGV[3])
			end
			if redis.call('HGET', KEYS[1], 'claim') == ARGV[1] then
				redis.call('HDEL', KEYS[1], 'claim', 'until')
			end
			redis.call('PEXPIRE', KEYS[1], ARGV[4])
			if ARGV[5] ~= '' then
				redis.call('SET', KEYS[2], ARGV[5], 'PX', ARGV[6])
			end
			return 1
			""", Long.class);

	private static final RedisScript<Long> RELEASE = RedisScript.of("""
			if redis.call('HGET', KEYS[1], 'claim') == ARGV[1] then
				return redis.call('HDEL', KEYS[1], 'claim', 'until')
			end
			return 0
			""", Long.class);

	private final ReactiveStringRedisTemplate redis;

	private final RedisLedgerSettings settings;

	/**
	 * Makes a ledger.
	 * @param redis the connection
	 * @param settings names and times
	 */
	public RedisCallbackLedger(ReactiveStringRedisTemplate redis, RedisLedgerSettings settings) {
		this.redis = redis;
		this.settings = settings;
	}

	@Override
	public Mono<Handling> answerOnce(LedgerKey key, StatusMark mark, Mono<String> invocation) {
		return Mono.deferContextual((context) -> attempt(new Step(keys(key), mark, invocation, context), FIRST_PAUSE));
	}

	private Mono<Handling> attempt(Step step, Duration pause) {
		return Mono.defer(() -> {
			String token = UUID.randomUUID().toString();
			Sinks.One<Handling> result = Sinks.one();
			// Detached from the caller: if it gives up now, the claim may be made all the
			// same, and then the handler has to run.
			claim(step, token).subscribe((reply) -> proceed(step, token, reply, result), result::tryEmitError);
			return result.asMono();
		}).switchIfEmpty(Mono.delay(pause).then(Mono.defer(() -> attempt(step, longer(pause)))));
	}

	private void proceed(Step step, String token, List<String> reply, Sinks.One<Handling> result) {
		switch (reply.get(0)) {
			case CLAIMED -> run(step, token, result);
			case RUNNING -> result.tryEmitEmpty();
			default -> result.tryEmitValue(
					new Handling(Verdict.valueOf(reply.get(0)), reply.get(1).isEmpty() ? null : reply.get(1)));
		}
	}

	private void run(Step step, String token, Sinks.One<Handling> result) {
		Duration lease = this.settings.lease();
		Disposable renewal = Flux.interval(lease.dividedBy(3))
			.onBackpressureDrop()
			.concatMap((tick) -> renew(step, token))
			.subscribe();
		AtomicReference<@Nullable String> answer = new AtomicReference<>();
		step.invocation()
			.contextWrite(step.context())
			.doOnNext(answer::set)
			.then(Mono.defer(() -> complete(step, token, answer.get())))
			.doOnTerminate(renewal::dispose)
			.subscribe((done) -> {
			}, (failure) -> release(step, token).doFinally((signal) -> result.tryEmitError(failure)).subscribe(),
					() -> result.tryEmitValue(new Handling(Verdict.HANDLED, answer.get())));
	}

	@SuppressWarnings("unchecked")
	private Mono<List<String>> claim(Step step, String token) {
		StatusMark mark = step.mark();
		List<String> arguments = List.of(token, mark.status(), String.valueOf(mark.rank()),
				String.valueOf(mark.acceptLate()), millis(this.settings.lease()), millis(this.settings.retention()));
		return this.redis.execute(CLAIM, step.keys(), arguments).next().map((reply) -> (List<String>) reply);
	}

	private Mono<Long> renew(Step step, String token) {
		return this.redis
			.execute(RENEW, step.keys(),
					List.of(token, millis(this.settings.lease()), millis(this.settings.retention())))
			.next()
			.onErrorResume((failure) -> {
				logger.warn("A claim on a webhook couldn't be renewed; another instance may repeat its handler",
						failure);
				return Mono.empty();
			});
	}

	private Mono<Long> complete(Step step, String token, @Nullable String answer) {
		StatusMark mark = step.mark();
		List<String> arguments = List.of(token, mark.status(), String.valueOf(mark.rank()),
				millis(this.settings.retention()), (answer != null) ? answer : "",
				millis(this.settings.answerRetention()));
		return this.redis.execute(COMPLETE, step.keys(), arguments)
			.next()
			.retryWhen(Retry.backoff(3, Duration.ofMillis(100)));
	}

	private Mono<Long> release(Step step, String token) {
		return this.redis.execute(RELEASE, step.keys(), List.of(token)).next().onErrorResume((failure) -> {
			logger.warn("A claim on a webhook couldn't be released; it ends with its lease", failure);
			return Mono.empty();
		});
	}

	private List<String> keys(LedgerKey key) {
		// The braces keep both keys on one node of a cluster.
		String name = this.settings.keyPrefix() + "{" + key.accountSid() + ":" + key.messageSid() + ":"
				+ key.handler().replace('{', '(').replace('}', ')') + "}";
		return List.of(name, name + ":answer");
	}

	private static Duration longer(Duration pause) {
		Duration twice = pause.multipliedBy(2);
		return (twice.compareTo(LONGEST_PAUSE) < 0) ? twice : LONGEST_PAUSE;
	}

	private static String millis(Duration duration) {
		return String.valueOf(duration.toMillis());
	}

	/**
	 * Names and times.
	 *
	 * @param keyPrefix what every key begins with
	 * @param lease how long a claim outlives its instance
	 * @param retention how long a mark is kept after its last change
	 * @param answerRetention how long a handler's answer is kept
	 */
	public record RedisLedgerSettings(String keyPrefix, Duration lease, Duration retention, Duration answerRetention) {

		/**
		 * Checks the times.
		 */
		public RedisLedgerSettings {
			if (lease.toMillis() < 100 || retention.compareTo(lease) < 0) {
				throw new IllegalArgumentException(
						"A lease takes at least 100 ms and at most as long as the retention");
			}
		}

	}

	/**
	 * One status on its way to one handler.
	 *
	 * @param keys the mark's key and the answer's
	 * @param mark the status
	 * @param invocation runs the handler
	 * @param context the caller's context
	 */
	private record Step(List<String> keys, StatusMark mark, Mono<String> invocation, ContextView context) {

	}

}

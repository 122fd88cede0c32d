package io.github.twiliospring.messaging.webhook.ledger;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;

import io.github.twiliospring.messaging.autoconfigure.webhook.RedisServer;
import io.github.twiliospring.messaging.webhook.ledger.RedisCallbackLedger.RedisLedgerSettings;
import io.github.twiliospring.messaging.webhook.ledger.RedisClaims.RedisClaim;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The steps of a claim may come twice, late or in another order than they were sent in.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisClaimsTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final StatusMark SENT = new StatusMark("sent", 3, false);

	private static final StatusMark DELIVERED = new StatusMark("delivered", 5, false);

	private RedisServer server;

	private LettuceConnectionFactory connections;

	private RedisClaims claims;

	private RedisClaims hasty;

	@BeforeAll
	void start() throws IOException {
		this.server = RedisServer.start();
		this.connections = new LettuceConnectionFactory("127.0.0.1", this.server.port());
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.claims = claims(Duration.ofMinutes(1));
		this.hasty = claims(Duration.ofMillis(100));
	}

	@AfterAll
	void stop() {
		if (this.server != null) {
			this.connections.destroy();
			this.server.close();
		}
	}

	@Test
	void claimsAgainWithTheSameToken() {
		RedisClaim claim = claim(newKey(), SENT);
		assertThat(attempt(this.claims, claim)).isEqualTo("CLAIMED");
		assertThat(attempt(this.claims, claim)).isEqualTo("CLAIMED");
		assertThat(attempt(this.claims, claim(claim.key(), SENT))).isEqualTo("RUNNING");
	}

	@Test
	void refusesAClaimThatArrivesAfterItsRelease() {
		RedisClaim late = claim(newKey(), SENT);
		assertThat(this.claims.release(late).block(TIMEOUT)).isFalse();
		assertThat(attempt(this.claims, late)).isEqualTo("REVOKED");
		assertThat(attempt(this.claims, claim(late.key(), SENT))).isEqualTo("CLAIMED");
	}

	@Test
	void answersAClaimThatArrivesAfterItsCompletionAsADuplicate() {
		RedisClaim claim = claim(newKey(), SENT);
		attempt(this.claims, claim);
		assertThat(this.claims.complete(claim, "answer").block(TIMEOUT)).isTrue();
		assertThat(this.claims.complete(claim, "answer").block(TIMEOUT)).as("again").isTrue();
		assertThat(this.claims.claim(claim).block(TIMEOUT)).containsExactly("DUPLICATE", "answer");
	}

	@Test
	void makesNoClaimOfARenewalThatArrivesAfterTheEnd() {
		RedisClaim released = claim(newKey(), SENT);
		attempt(this.claims, released);
		this.claims.release(released).block(TIMEOUT);
		assertThat(this.claims.renew(released).block(TIMEOUT)).isFalse();
		RedisClaim completed = claim(released.key(), SENT);
		assertThat(attempt(this.claims, completed)).isEqualTo("CLAIMED");
		this.claims.complete(completed, null).block(TIMEOUT);
		assertThat(this.claims.renew(completed).block(TIMEOUT)).isFalse();
		assertThat(attempt(this.claims, claim(released.key(), DELIVERED))).isEqualTo("CLAIMED");
	}

	@Test
	void restoresAClaimThatRedisHasLost() {
		RedisClaim claim = claim(newKey(), SENT);
		attempt(this.claims, claim);
		this.server.command("FLUSHALL");
		assertThat(this.claims.renew(claim).block(TIMEOUT)).isTrue();
		assertThat(attempt(this.claims, claim(claim.key(), SENT))).isEqualTo("RUNNING");
	}

	@Test
	void fencesOffWhoeverLostAClaimAndLeavesTheNextOneItsOwn() {
		RedisClaim old = claim(newKey(), SENT);
		RedisClaim current = claim(old.key(), DELIVERED);
		attempt(this.hasty, old);
		Awaitility.await().atMost(TIMEOUT).until(() -> attempt(this.hasty, current).equals("CLAIMED"));
		this.claims.renew(current).block(TIMEOUT);
		assertThat(this.claims.renew(old).block(TIMEOUT)).isFalse();
		assertThat(this.claims.complete(old, "late").block(TIMEOUT)).isFalse();
		assertThat(this.claims.release(old).block(TIMEOUT)).isFalse();
		assertThat(attempt(this.claims, claim(old.key(), DELIVERED))).isEqualTo("RUNNING");
		assertThat(attempt(this.claims, claim(old.key(), SENT))).as("what was handled").isEqualTo("DUPLICATE");
		assertThat(this.claims.complete(current, "answer").block(TIMEOUT)).isTrue();
		assertThat(attempt(this.claims, claim(old.key(), DELIVERED))).isEqualTo("DUPLICATE");
	}

	@Test
	void keepsTheFirstAnswerWhereALateOneComesFromWhoeverLostTheClaim() {
		RedisClaim old = claim(newKey(), SENT);
		RedisClaim current = claim(old.key(), SENT);
		attempt(this.hasty, old);
		Awaitility.await().atMost(TIMEOUT).until(() -> attempt(this.hasty, current).equals("CLAIMED"));
		this.claims.complete(current, "first").block(TIMEOUT);
		RedisClaim next = claim(old.key(), DELIVERED);
		attempt(this.claims, next);
		assertThat(this.claims.complete(old, "late").block(TIMEOUT)).isFalse();
		assertThat(this.claims.claim(old).block(TIMEOUT)).containsExactly("DUPLICATE", "first");
	}

	@Test
	void letsAnOwnerRenewALeaseThatRanOutBeforeAnotherTakesIt() {
		RedisClaim owner = claim(newKey(), SENT);
		attempt(this.hasty, owner);
		String name = owner.keys("claims:").get(0);
		// As after a time in which Redis was frozen.
		this.server.command("HSET", name, "until", "1");
		assertThat(attempt(this.claims, claim(owner.key(), SENT))).isEqualTo("RUNNING");
		assertThat(this.claims.renew(owner).block(TIMEOUT)).isTrue();
		this.server.command("HSET", name, "until", "1");
		assertThat(attempt(this.claims, claim(owner.key(), SENT))).as("once more").isEqualTo("RUNNING");
	}

	@Test
	void releasesWhereRedisHasNoMemory() {
		RedisClaim claim = claim(newKey(), SENT);
		attempt(this.claims, claim);
		this.server.command("CONFIG", "SET", "maxmemory", "1");
		try {
			assertThat(this.claims.release(claim).block(TIMEOUT)).isTrue();
			assertThat(this.claims.release(claim).block(TIMEOUT)).isFalse();
		}
		finally {
			this.server.command("CONFIG", "SET", "maxmemory", "0");
		}
		assertThat(attempt(this.claims, claim(claim.key(), SENT))).isEqualTo("CLAIMED");
	}

	private RedisClaims claims(Duration lease) {
		return new RedisClaims(new ReactiveStringRedisTemplate(this.connections),
				new RedisLedgerSettings("claims:", lease, Duration.ofDays(1), Duration.ofHours(1), TIMEOUT));
	}

	private static String attempt(RedisClaims claims, RedisClaim claim) {
		return claims.claim(claim).block(TIMEOUT).get(0);
	}

	private static RedisClaim claim(LedgerKey key, StatusMark mark) {
		return new RedisClaim(key, mark, UUID.randomUUID().toString());
	}

	private static LedgerKey newKey() {
		return new LedgerKey("AC1", "SM" + UUID.randomUUID(), "orders.track(StatusUpdate)");
	}

}

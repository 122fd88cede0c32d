package io.github.twiliospring.messaging.outbox;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What is called once a reactive transaction is over, on a pool with one connection.
 */
class ReactiveAfterTransactionTests extends ReactiveFixture {

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
	void whatIsSentAfterACommitOrARollBackIsThere(TestDatabase database) {
		open(database);
		transaction().transactional(send("in").then(afterwards(due("after-commit"), due("after-completion"))))
			.block(TIMEOUT);
		assertThatIllegalStateException().isThrownBy(
				() -> transaction()
					.transactional(send("undone").then(afterwards(Mono.empty(), due("after-roll-back")))
						.then(Mono.error(new IllegalStateException("no doctor"))))
					.block(TIMEOUT));
		assertThatKeysAre("in", "after-commit", "after-completion", "after-roll-back");
	}

	private Mono<Void> due(String key) {
		return this.outbox.send(key, to("+15558675310").body("Message " + key)).then();
	}

	private static Mono<Void> afterwards(Mono<Void> commit, Mono<Void> completion) {
		return TransactionSynchronizationManager.forCurrentTransaction()
			.doOnNext((transaction) -> transaction.registerSynchronization(new TransactionSynchronization() {

				@Override
				public Mono<Void> afterCommit() {
					return commit;
				}

				@Override
				public Mono<Void> afterCompletion(int status) {
					return completion;
				}

			}))
			.then();
	}

}

package io.github.twiliospring.messaging;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.netty.NettyOutbound;

/**
 * Hands the request of one exchange to a connection, and executes there what cancels the
 * exchange: elsewhere, Reactor Netty would close a connection that another exchange may
 * have by then. Loaded only where Reactor Netty is there. Thread-safe.
 */
final class HandOver implements Executor {

	private final Attempt attempt;

	private volatile @Nullable AnswerGuard guard;

	HandOver(Attempt attempt) {
		this.attempt = attempt;
	}

	/**
	 * Hands the request over.
	 * @return why it can't be, or {@code null}
	 */
	@Nullable Exception to(NettyOutbound outbound) {
		AtomicReference<@Nullable Exception> obstacle = new AtomicReference<>();
		outbound.withConnection((connection) -> obstacle.set(to(AnswerGuard.of(connection.channel()))));
		return obstacle.get();
	}

	private @Nullable Exception to(AnswerGuard present) {
		// First: whoever can't close the attempt any more cancels here.
		this.guard = present;
		if (!present.isIdle()) {
			present.distrust();
			return new IllegalStateException("The connection has ended, or still owes the answer to another request");
		}
		if (this.attempt.tryHandOver()) {
			this.attempt.answeredBy(present);
			return null;
		}
		if (!this.attempt.isClosed()) {
			return new RepeatedExchangeException();
		}
		// Whoever canceled it knew of no connection, and may be about to close this one.
		present.distrust();
		return new IllegalStateException("The call ended before its request was written");
	}

	@Override
	public void execute(Runnable task) {
		AnswerGuard present = this.guard;
		if (present != null) {
			present.execute(task);
		}
		else {
			task.run();
		}
	}

}

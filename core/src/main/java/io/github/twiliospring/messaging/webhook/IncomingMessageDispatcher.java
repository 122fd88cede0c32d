package io.github.twiliospring.messaging.webhook;

import java.time.Duration;

import io.github.twiliospring.messaging.observation.WebhookObservationContext;
import io.github.twiliospring.messaging.observation.WebhookOutcome;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger.Handling;
import io.github.twiliospring.messaging.webhook.ledger.LedgerKey;
import io.github.twiliospring.messaging.webhook.ledger.StatusMark;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Hands an incoming message to the method that asks for it, through the ledger, and
 * renders its answer.
 */
final class IncomingMessageDispatcher implements WebhookReceiver {

	private static final int OK = 200;

	private static final int BAD_REQUEST = 400;

	// A message comes in one status only, which takes no part in any order.
	private static final StatusMark RECEIVED = new StatusMark("received", -1, false);

	private final InboundMessageHandlers handlers;

	private final CallbackLedger ledger;

	/**
	 * Makes a dispatcher.
	 * @param handlers the application's methods
	 * @param ledger what keeps them from a duplicate, and keeps their answers
	 */
	IncomingMessageDispatcher(InboundMessageHandlers handlers, CallbackLedger ledger) {
		this.handlers = handlers;
		this.ledger = ledger;
	}

	@Override
	public String kind() {
		return "inbound";
	}

	@Override
	public boolean isActive() {
		return !this.handlers.isEmpty();
	}

	@Override
	public Duration answerTimeout(WebhookLimits limits) {
		return limits.inboundAnswerTimeout();
	}

	@Override
	public Mono<WebhookResponse> receive(GenuineRequest request, WebhookObservationContext context,
			HandlerExecutor executor) {
		IncomingMessage message = IncomingMessage.of(request.parameters(), request.query());
		if (message == null) {
			return Mono.just(WebhookResponse.problem(BAD_REQUEST, "No message, account, sender or receiver is named"));
		}
		InboundMessageHandler handler = this.handlers.find(message).orElse(null);
		if (handler == null) {
			context.setOutcome(WebhookOutcome.IGNORED);
			return Mono.just(twiml(null));
		}
		LedgerKey key = new LedgerKey(message.accountSid(), message.messageSid(), handler.id());
		return this.ledger.answerOnce(key, RECEIVED, answer(handler, message, executor))
			.doOnNext((handling) -> context.setOutcome(outcome(handling)))
			.map((handling) -> twiml(handling.answer()));
	}

	private Mono<String> answer(InboundMessageHandler handler, IncomingMessage message, HandlerExecutor executor) {
		return handler.target()
			.invoke(message, executor.limits().inboundAnswerTimeout(), executor)
			.doOnError((failure) -> HandlerExecutor.logFailure(handler.id(), message, failure))
			.ofType(Reply.class)
			.filter((reply) -> !reply.isEmpty())
			.map(TwimlWriter::write);
	}

	private static WebhookOutcome outcome(Handling handling) {
		return (handling.verdict() == CallbackLedger.Verdict.HANDLED) ? WebhookOutcome.HANDLED
				: WebhookOutcome.DUPLICATE;
	}

	private static WebhookResponse twiml(@Nullable String answer) {
		return new WebhookResponse(OK, "text/xml;charset=UTF-8", (answer != null) ? answer : TwimlWriter.EMPTY);
	}

}

package io.github.twiliospring.messaging.webhook.dispatch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.FormParameters;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import io.github.twiliospring.messaging.webhook.WebhookRequest;
import io.github.twiliospring.messaging.webhook.WebhookResponse;
import io.github.twiliospring.messaging.webhook.ledger.CallbackLedger;
import io.github.twiliospring.messaging.webhook.ledger.LedgerKey;
import io.github.twiliospring.messaging.webhook.ledger.StatusMark;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * What happens to a status callback, whatever HTTP stack received it: limits, signature,
 * handlers through the ledger, answer. A request that isn't genuine reaches no handler.
 */
public final class WebhookEndpoint {

	private static final Log logger = LogFactory.getLog(WebhookEndpoint.class);

	private static final int NO_CONTENT = 204;

	private static final int BAD_REQUEST = 400;

	private static final int FORBIDDEN = 403;

	private static final int UNSUPPORTED_MEDIA_TYPE = 415;

	private static final int INTERNAL_SERVER_ERROR = 500;

	private static final int SERVICE_UNAVAILABLE = 503;

	private final RequestValidator validator;

	private final StatusCallbackHandlers handlers;

	private final CallbackLedger ledger;

	private final WebhookLimits limits;

	private final Scheduler blocking;

	/**
	 * Makes an endpoint.
	 * @param validator what tells genuine requests
	 * @param handlers the application's methods
	 * @param ledger what keeps them from a duplicate
	 * @param limits what a request may be, and how long its answer may take
	 * @param blocking where methods that aren't reactive are called
	 */
	public WebhookEndpoint(RequestValidator validator, StatusCallbackHandlers handlers, CallbackLedger ledger,
			WebhookLimits limits, Scheduler blocking) {
		this.validator = validator;
		this.handlers = handlers;
		this.ledger = ledger;
		this.limits = limits;
		this.blocking = blocking;
	}

	/**
	 * The limits that an adapter has to hold while it reads a request.
	 * @return the limits
	 */
	public WebhookLimits limits() {
		return this.limits;
	}

	/**
	 * Verifies and handles a request.
	 * @param request the request, its body within the limit
	 * @return the answer; never an error
	 */
	public Mono<WebhookResponse> handle(WebhookRequest request) {
		if (!isForm(request.contentType())) {
			return Mono.just(WebhookResponse.problem(UNSUPPORTED_MEDIA_TYPE, "A form is expected"));
		}
		Map<String, List<String>> parameters;
		Map<String, List<String>> query;
		try {
			parameters = FormParameters.parse(new String(request.body(), StandardCharsets.UTF_8),
					this.limits.maximumParameters());
			query = FormParameters.parse(request.rawQuery(), this.limits.maximumParameters());
		}
		catch (IllegalArgumentException ex) {
			return Mono.just(WebhookResponse.problem(BAD_REQUEST, "Unreadable form: " + ex.getMessage()));
		}
		String signature = (request.signatures().size() == 1) ? request.signatures().get(0) : null;
		if (!this.validator.isValid(request.url(), parameters, signature)) {
			logger.warn("Refused a status callback whose signature is "
					+ (request.signatures().isEmpty() ? "missing" : "not valid")
					+ ". If it was genuine, check the auth token and twilio.messaging.webhook.public-url");
			return Mono.just(WebhookResponse.problem(FORBIDDEN, "The signature is missing or not valid"));
		}
		StatusUpdate update = StatusUpdate.of(parameters, query);
		return (update != null) ? handle(update)
				: Mono.just(WebhookResponse.problem(BAD_REQUEST, "No message, account or status is named"));
	}

	private Mono<WebhookResponse> handle(StatusUpdate update) {
		return Flux.fromIterable(this.handlers.forStatus(update.status()))
			.filter((handler) -> handler.accepts(update))
			.concatMapDelayError((handler) -> handle(update, handler))
			.then(Mono.just(WebhookResponse.of(NO_CONTENT)))
			.timeout(this.limits.answerTimeout(), Mono.defer(() -> {
				logger.warn("A handler of status callbacks took longer than %s for %s; the provider is asked to repeat"
					.formatted(this.limits.answerTimeout(), update));
				return Mono.just(WebhookResponse.problem(SERVICE_UNAVAILABLE, "Not handled in time"));
			}))
			.onErrorReturn(WebhookResponse.problem(INTERNAL_SERVER_ERROR, "A handler failed"));
	}

	private Mono<CallbackLedger.Verdict> handle(StatusUpdate update, StatusCallbackHandler handler) {
		LedgerKey key = new LedgerKey(update.accountSid(), update.messageSid(), handler.id());
		StatusMark mark = StatusMark.of(update.status(), update.rawStatus(), handler.acceptLate());
		return this.ledger.handleOnce(key, mark, handler.invoke(update, this.blocking))
			.doOnError((failure) -> logger.error(
					"The handler %s failed for %s; the provider is asked to repeat".formatted(handler.id(), update),
					(failure instanceof StatusCallbackHandler.HandlerFailedException) ? failure.getCause() : failure));
	}

	private static boolean isForm(@Nullable String contentType) {
		try {
			return contentType != null
					&& MediaType.APPLICATION_FORM_URLENCODED.isCompatibleWith(MediaType.parseMediaType(contentType));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	/**
	 * What a request may be, and how long its answer may take.
	 *
	 * @param maximumBytes the longest body
	 * @param maximumParameters the most parameters, in the form and in the query
	 * @param bodyTimeout how long a body may take to arrive
	 * @param answerTimeout how long handlers may take before the provider is asked to
	 * repeat
	 */
	public record WebhookLimits(int maximumBytes, int maximumParameters, Duration bodyTimeout, Duration answerTimeout) {

		/**
		 * The limits that hold where nothing is configured.
		 * @return 64 KiB, 200 parameters, 4 seconds each
		 */
		public static WebhookLimits defaults() {
			return new WebhookLimits(64 * 1024, 200, Duration.ofSeconds(4), Duration.ofSeconds(4));
		}

	}

}

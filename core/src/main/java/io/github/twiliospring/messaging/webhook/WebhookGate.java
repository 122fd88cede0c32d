package io.github.twiliospring.messaging.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.signature.RequestValidator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Lets genuine requests in and nothing else: holds the limits while the body arrives,
 * then verifies the signature. What doesn't pass is answered here and reaches no
 * application code. Never blocks.
 */
final class WebhookGate {

	private static final Log logger = LogFactory.getLog(WebhookGate.class);

	private static final int BAD_REQUEST = 400;

	private static final int FORBIDDEN = 403;

	private static final int REQUEST_TIMEOUT = 408;

	private static final int CONTENT_TOO_LARGE = 413;

	private static final int UNSUPPORTED_MEDIA_TYPE = 415;

	private static final long LOG_INTERVAL = Duration.ofSeconds(1).toNanos();

	private final RequestValidator validator;

	private final WebhookLimits limits;

	private final AtomicLong lastLogged = new AtomicLong(System.nanoTime() - LOG_INTERVAL);

	/**
	 * Makes a gate.
	 * @param validator what tells genuine requests
	 * @param limits what a request may be
	 */
	WebhookGate(RequestValidator validator, WebhookLimits limits) {
		this.validator = validator;
		this.limits = limits;
	}

	/**
	 * The limits that an adapter has to hold while it reads a request.
	 * @return the limits
	 */
	WebhookLimits limits() {
		return this.limits;
	}

	/**
	 * Waits for a request and verifies it: a form by its parameters, no body by the URL
	 * alone, any other body by the digest in the URL.
	 * @param arriving the request once its body has been read;
	 * {@link BodyTooLargeException} where it's over the limit
	 * @return the request or the answer that refuses it; never an error
	 */
	Mono<Admission> admit(Mono<WebhookRequest> arriving) {
		return arrived(arriving).map((admission) -> {
			WebhookRequest request = admission.request();
			return (request != null) ? verify(request) : admission;
		});
	}

	/**
	 * Waits for a form and verifies it.
	 * @param arriving as of {@link #admit(Mono)}
	 * @return the form or the answer that refuses it; never an error
	 */
	Mono<Admission> admitForm(Mono<WebhookRequest> arriving) {
		return arrived(arriving).map((admission) -> {
			WebhookRequest request = admission.request();
			if (request == null) {
				return admission;
			}
			return isForm(request.contentType()) ? verify(request)
					: Admission.refused(WebhookResponse.problem(UNSUPPORTED_MEDIA_TYPE, "A form is expected"));
		});
	}

	private Mono<Admission> arrived(Mono<WebhookRequest> arriving) {
		return arriving.map(Admission::pending)
			.timeout(this.limits.bodyTimeout())
			.onErrorResume(BodyTooLargeException.class,
					(ex) -> refuse(WebhookResponse.problem(CONTENT_TOO_LARGE, "The body is too large")))
			.onErrorResume(TimeoutException.class,
					(ex) -> refuse(WebhookResponse.problem(REQUEST_TIMEOUT, "The body took too long")))
			.onErrorResume((ex) -> {
				logger.debug("The body of a webhook couldn't be read", ex);
				return refuse(WebhookResponse.problem(BAD_REQUEST, "The body couldn't be read"));
			});
	}

	private Admission verify(WebhookRequest request) {
		if (isMultipart(request.contentType())) {
			return Admission
				.refused(WebhookResponse.problem(UNSUPPORTED_MEDIA_TYPE, "The provider sends no multipart"));
		}
		boolean form = isForm(request.contentType());
		GenuineRequest genuine;
		try {
			genuine = new GenuineRequest(form ? parse(new String(request.body(), StandardCharsets.UTF_8)) : Map.of(),
					parse(request.rawQuery()));
		}
		catch (IllegalArgumentException ex) {
			return Admission.refused(WebhookResponse.problem(BAD_REQUEST, "Unreadable parameters: " + ex.getMessage()));
		}
		if (!isGenuine(request, isSignedByParameters(request, form, genuine), genuine.parameters())) {
			logRefusal(request);
			return Admission.refused(WebhookResponse.problem(FORBIDDEN, "The signature is missing or not valid"));
		}
		return Admission.admitted(request, genuine);
	}

	// A URL that covers a body stands for no other body, not even for none or for a form:
	// otherwise the body could be taken away.
	private static boolean isSignedByParameters(WebhookRequest request, boolean form, GenuineRequest genuine) {
		if (genuine.query().containsKey(RequestSigner.BODY_DIGEST_PARAMETER)) {
			return false;
		}
		return form || request.body().length == 0;
	}

	private boolean isGenuine(WebhookRequest request, boolean byParameters, Map<String, List<String>> parameters) {
		String signature = (request.signatures().size() == 1) ? request.signatures().get(0) : null;
		return byParameters ? this.validator.isValid(request.url(), parameters, signature)
				: this.validator.isValid(request.url(), request.body(), signature);
	}

	private Map<String, List<String>> parse(@Nullable String encoded) {
		return FormParameters.parse(encoded, this.limits.maximumParameters());
	}

	// Whoever sends forged requests mustn't be able to fill the disk.
	private void logRefusal(WebhookRequest request) {
		long now = System.nanoTime();
		long last = this.lastLogged.get();
		if (now - last >= LOG_INTERVAL && this.lastLogged.compareAndSet(last, now)) {
			logger.warn("Refused a webhook whose header " + RequestSigner.SIGNATURE_HEADER + " is "
					+ (request.signatures().isEmpty() ? "missing" : "not valid")
					+ ". If it was genuine, check the auth token and twilio.messaging.webhook.public-url");
		}
	}

	private static Mono<Admission> refuse(WebhookResponse answer) {
		return Mono.just(Admission.refused(answer));
	}

	private static boolean isMultipart(@Nullable String contentType) {
		return contentType != null && contentType.trim().toLowerCase(Locale.ROOT).startsWith("multipart/");
	}

	private static boolean isForm(@Nullable String contentType) {
		try {
			return contentType != null && MediaType.APPLICATION_FORM_URLENCODED
				.equalsTypeAndSubtype(MediaType.parseMediaType(contentType));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	/**
	 * A request, or the answer that refuses it: exactly one of them.
	 *
	 * @param request the request, or {@code null}
	 * @param refusal the answer, or {@code null}
	 * @param genuine what the request carried, or {@code null}
	 */
	record Admission(@Nullable WebhookRequest request, @Nullable WebhookResponse refusal,
			@Nullable GenuineRequest genuine) {

		static Admission pending(WebhookRequest request) {
			return new Admission(request, null, null);
		}

		static Admission admitted(WebhookRequest request, GenuineRequest genuine) {
			return new Admission(request, null, genuine);
		}

		static Admission refused(WebhookResponse answer) {
			return new Admission(null, answer, null);
		}

	}

}

package io.github.twiliospring.messaging.webhook;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.signature.RequestValidator;
import io.github.twiliospring.messaging.webhook.Admission.Admitted;
import io.github.twiliospring.messaging.webhook.Admission.Refused;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Lets genuine requests in and nothing else. What doesn't pass is answered here and
 * reaches no application code. Never blocks.
 */
final class WebhookGate {

	private static final Log logger = LogFactory.getLog(WebhookGate.class);

	private static final int BAD_REQUEST = 400;

	private static final int FORBIDDEN = 403;

	private static final int REQUEST_TIMEOUT = 408;

	private static final int CONTENT_TOO_LARGE = 413;

	private static final int UNSUPPORTED_MEDIA_TYPE = 415;

	private static final int INTERNAL_SERVER_ERROR = 500;

	private static final int SERVICE_UNAVAILABLE = 503;

	private final RequestValidator validator;

	private final WebhookLimits limits;

	private final LogInterval interval = new LogInterval();

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
	 * Verifies a request: a form by its parameters, no body by the URL alone, any other
	 * body by the digest in the URL.
	 * @param request the request, read to its end
	 * @return whether it's genuine
	 */
	Admission admit(WebhookRequest request) {
		return admit(request, Content.of(request.contentType()));
	}

	/**
	 * Verifies a form.
	 * @param request the request, read to its end
	 * @return whether it's a genuine form
	 */
	Admission admitForm(WebhookRequest request) {
		Content content = Content.of(request.contentType());
		return (content == Content.FORM) ? admit(request, content)
				: refuse(UNSUPPORTED_MEDIA_TYPE, "A form is expected");
	}

	/**
	 * Answers a request that couldn't be read.
	 * @param failure why: {@link BodyTooLargeException}, {@link TimeoutException} or
	 * whatever befell the connection
	 * @return the answer
	 */
	Refused refuse(Throwable failure) {
		if (failure instanceof BodyTooLargeException) {
			return refuse(CONTENT_TOO_LARGE, "The body is too large");
		}
		if (failure instanceof TimeoutException) {
			log("Refused a webhook whose body took longer than %s to arrive. If it was genuine, the provider doesn't"
				.formatted(this.limits.bodyTimeout()) + " repeat it; a sweep finds its status");
			return refuse(REQUEST_TIMEOUT, "The body took too long");
		}
		if (failure instanceof IllegalStateException) {
			return readBefore();
		}
		if (failure instanceof HandlerFailedException) {
			return refuse(SERVICE_UNAVAILABLE, "No thread has time for it");
		}
		logger.debug("The body of a webhook couldn't be read", failure);
		return refuse(BAD_REQUEST, "The body couldn't be read");
	}

	private Admission admit(WebhookRequest request, Content content) {
		if (content == Content.MULTIPART) {
			return refuse(UNSUPPORTED_MEDIA_TYPE, "The provider sends no multipart");
		}
		if (request.isReadBefore()) {
			return readBefore();
		}
		boolean form = content == Content.FORM;
		GenuineRequest genuine;
		try {
			genuine = new GenuineRequest(form ? parse(new String(request.body(), StandardCharsets.UTF_8)) : Map.of(),
					parse(request.rawQuery()));
		}
		catch (IllegalArgumentException ex) {
			return refuse(BAD_REQUEST, "Unreadable parameters: " + ex.getMessage());
		}
		if (!isGenuine(request, isSignedByParameters(request, form, genuine), genuine.parameters())) {
			if (form && request.mayBeReadBefore() && !request.signatures().isEmpty()) {
				return readBefore();
			}
			log("Refused a webhook whose header " + RequestSigner.SIGNATURE_HEADER + " is "
					+ (request.signatures().isEmpty() ? "missing" : "not valid")
					+ ". If it was genuine, check the auth token and twilio.messaging.webhook.public-url");
			return refuse(FORBIDDEN, "The signature is missing or not valid");
		}
		return new Admitted(request, genuine);
	}

	private Refused readBefore() {
		log("The body of a webhook was read before it could be verified: a filter ahead of it asks for parameters or reads"
				+ " the form. Order that filter behind the webhook, or let it leave the webhook's path alone");
		return refuse(INTERNAL_SERVER_ERROR, "The body was read before");
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

	private void log(String warning) {
		if (this.interval.tryPass()) {
			logger.warn(warning);
		}
	}

	private static Refused refuse(int status, String problem) {
		return new Refused(WebhookResponse.problem(status, problem));
	}

	/**
	 * What a body is, by its header.
	 */
	private enum Content {

		FORM, MULTIPART, OTHER;

		static Content of(@Nullable String type) {
			if (type == null) {
				return OTHER;
			}
			if (type.trim().toLowerCase(Locale.ROOT).startsWith("multipart/")) {
				return MULTIPART;
			}
			try {
				return MediaType.APPLICATION_FORM_URLENCODED.equalsTypeAndSubtype(MediaType.parseMediaType(type)) ? FORM
						: OTHER;
			}
			catch (InvalidMediaTypeException ex) {
				return OTHER;
			}
		}

	}

}

package io.github.twiliospring.messaging.message;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

/**
 * The rules of a create request that need neither configuration nor clock (API page,
 * "Create a Message resource").
 */
final class OutboundMessageRules {

	private static final int BODY_LIMIT = 1600;

	private static final int MEDIA_LIMIT = 10;

	private static final String HALF_CHARACTER = "holds half a character (a surrogate without its pair);"
			+ " cut texts between code points";

	private static final int PRICE_DECIMALS = 4;

	private static final int REFERENCE_LIMIT = 256;

	// Never a URI that the checks below let pass.
	private static final URI UNREADABLE = URI.create("unreadable:url");

	private final OutboundMessage message;

	private final List<MessageFault> faults = new ArrayList<>();

	private OutboundMessageRules(OutboundMessage message) {
		this.message = message;
	}

	static List<MessageFault> check(OutboundMessage message) {
		OutboundMessageRules rules = new OutboundMessageRules(message);
		rules.recipient();
		rules.sender();
		rules.content();
		rules.callbacks();
		rules.numbers();
		return List.copyOf(rules.faults);
	}

	static URI uri(@Nullable String url) {
		try {
			return (url != null) ? new URI(url) : UNREADABLE;
		}
		catch (URISyntaxException ex) {
			return UNREADABLE;
		}
	}

	private void recipient() {
		String to = this.message.to();
		if (to.isBlank()) {
			fault(CreateParameter.TO, "is missing; give the recipient's number in E.164 form, as in +15558675310");
		}
		else if (!Address.isRecipient(to)) {
			fault(CreateParameter.TO, Masking.address(to)
					+ " is neither a number in E.164 form (+ and up to 15 digits) nor a channel address");
		}
	}

	private void sender() {
		String from = this.message.from();
		String service = this.message.messagingServiceSid();
		if (service != null && !SidKind.MESSAGING_SERVICE.matches(service)) {
			fault(CreateParameter.MESSAGING_SERVICE_SID, SidKind.MESSAGING_SERVICE.problem(service));
		}
		String fallback = this.message.get(CreateParameter.FALLBACK_FROM, String.class);
		if (fallback != null && !isSender(fallback)) {
			wrongSender(CreateParameter.FALLBACK_FROM, fallback);
		}
		if (from == null) {
			return;
		}
		if (!isSender(from)) {
			wrongSender(CreateParameter.FROM, from);
		}
		else if (!SidKind.MESSAGING_SERVICE.matches(from) && !Address.isSameChannel(from, this.message.to())) {
			fault(CreateParameter.FROM, "must be on the same channel as To");
		}
	}

	private void content() {
		String body = this.message.body();
		List<URI> media = this.message.mediaUrls();
		String template = this.message.get(CreateParameter.CONTENT_SID, String.class);
		Map<?, ?> variables = this.message.get(CreateParameter.CONTENT_VARIABLES, Map.class);
		if ((body == null || body.isEmpty()) && media.isEmpty() && template == null) {
			fault(CreateParameter.BODY, "is missing; a message needs a body, a media URL or a content template");
		}
		if (body != null && body.codePointCount(0, body.length()) > BODY_LIMIT) {
			fault(CreateParameter.BODY, "has %d characters, the limit is %d; shorten it or send several messages"
				.formatted(body.codePointCount(0, body.length()), BODY_LIMIT));
		}
		if (hasHalfCharacter(body)) {
			fault(CreateParameter.BODY, HALF_CHARACTER);
		}
		// WhatsApp takes the first and ignores the others (API page, "MediaUrl").
		if (media.size() > MEDIA_LIMIT && !this.message.to().startsWith("whatsapp:")) {
			fault(CreateParameter.MEDIA_URL, "is given %d times, the limit is %d".formatted(media.size(), MEDIA_LIMIT));
		}
		for (URI url : media) {
			if (!isWebUrl(url)) {
				fault(CreateParameter.MEDIA_URL, "holds " + scheme(url) + ", all must be absolute http or https URLs");
				break;
			}
		}
		if (template != null && !SidKind.CONTENT.matches(template)) {
			fault(CreateParameter.CONTENT_SID, SidKind.CONTENT.problem(template));
		}
		if (hasHalfCharacter((Object) variables)) {
			fault(CreateParameter.CONTENT_VARIABLES, HALF_CHARACTER);
		}
		if (variables != null && template == null) {
			fault(CreateParameter.CONTENT_VARIABLES, "need a ContentSid");
		}
	}

	private void callbacks() {
		URI callback = this.message.statusCallback();
		String application = this.message.get(CreateParameter.APPLICATION_SID, String.class);
		String reference = this.message.reference();
		if (callback != null && !isWebUrl(callback)) {
			fault(CreateParameter.STATUS_CALLBACK,
					"is " + scheme(callback) + ", it must be an absolute http or https URL");
		}
		else if (callback != null && callback.getHost() == null) {
			boolean international = callback.getRawAuthority().chars().anyMatch((character) -> character > 127);
			fault(CreateParameter.STATUS_CALLBACK,
					international
							? "has a host name with letters beyond ASCII; write it in its ASCII form, as in"
									+ " xn--bcher-kva.example"
							: "has no valid host name; it must be one without underscore");
		}
		if (application != null && !SidKind.APPLICATION.matches(application)) {
			fault(CreateParameter.APPLICATION_SID, SidKind.APPLICATION.problem(application));
		}
		if (reference != null && (reference.isEmpty() || reference.length() > REFERENCE_LIMIT)) {
			this.faults.add(new MessageFault("reference",
					"has %d characters, it must have 1 to %d".formatted(reference.length(), REFERENCE_LIMIT)));
		}
		if (hasHalfCharacter(reference)) {
			this.faults.add(new MessageFault("reference", HALF_CHARACTER));
		}
		if (reference != null && application != null) {
			this.faults.add(new MessageFault("reference", "can't come back with an ApplicationSid, whose own callback"
					+ " receives the status updates; leave one of them out"));
		}
	}

	private void numbers() {
		BigDecimal price = this.message.get(CreateParameter.MAX_PRICE, BigDecimal.class);
		if (price != null && (price.signum() < 0 || price.stripTrailingZeros().scale() > PRICE_DECIMALS)) {
			fault(CreateParameter.MAX_PRICE, "must not be negative and has at most 4 decimal places");
		}
		Integer attempt = this.message.get(CreateParameter.ATTEMPT, Integer.class);
		if (attempt != null && attempt < 1) {
			fault(CreateParameter.ATTEMPT, "is %d, it must be at least 1".formatted(attempt));
		}
		Duration validity = this.message.get(CreateParameter.VALIDITY_PERIOD, Duration.class);
		if (validity != null && (validity.getSeconds() < 1 || validity.getNano() != 0)) {
			fault(CreateParameter.VALIDITY_PERIOD, "must be whole seconds, at least one");
		}
	}

	private void wrongSender(CreateParameter parameter, String sender) {
		fault(parameter, Masking.address(sender) + " is no number in E.164 form, short code,"
				+ " sender name (1 to 11 letters, digits, space and - + _ &), channel address or Messaging Service SID");
	}

	// It would arrive as a question mark.
	private static boolean hasHalfCharacter(@Nullable String text) {
		if (text == null) {
			return false;
		}
		int point;
		for (int i = 0; i < text.length(); i += Character.charCount(point)) {
			point = text.codePointAt(i);
			if (Character.getType(point) == Character.SURROGATE) {
				return true;
			}
		}
		return false;
	}

	// Keys and nested values go out, too.
	private static boolean hasHalfCharacter(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return map.entrySet()
				.stream()
				.anyMatch((entry) -> hasHalfCharacter(entry.getKey()) || hasHalfCharacter(entry.getValue()));
		}
		if (value instanceof Iterable<?> values) {
			return StreamSupport.stream(values.spliterator(), false).anyMatch(OutboundMessageRules::hasHalfCharacter);
		}
		return value instanceof CharSequence text && hasHalfCharacter(text.toString());
	}

	// All that is shown of a URL: the rest may hold a password or a number.
	private static String scheme(URI url) {
		// With our own parameters, once the template has added them.
		if (UNREADABLE.getScheme().equals(url.getScheme())) {
			return "no URL";
		}
		return (url.getScheme() != null) ? url.getScheme() + ":…" : "a URL without scheme";
	}

	private void fault(CreateParameter parameter, String problem) {
		this.faults.add(new MessageFault(parameter.wireName(), problem));
	}

	private static boolean isSender(String address) {
		return Address.isSender(address) || SidKind.MESSAGING_SERVICE.matches(address);
	}

	// A host name with an underscore is no host to java.net.URI, but an authority.
	private static boolean isWebUrl(URI url) {
		return ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()))
				&& url.getRawAuthority() != null;
	}

}

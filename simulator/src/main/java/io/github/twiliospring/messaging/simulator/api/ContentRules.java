package io.github.twiliospring.messaging.simulator.api;

import java.util.List;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.InboundExtras;
import io.github.twiliospring.messaging.simulator.engine.MessageDraft.Content;
import io.github.twiliospring.messaging.simulator.http.FormData;
import io.github.twiliospring.messaging.simulator.engine.Urls;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a message may say.
 */
final class ContentRules {

	private static final int BODY_LIMIT = 1600;

	private static final int MEDIA_LIMIT = 10;

	private static final Pattern CONTENT_SID = Pattern.compile("HX[0-9a-fA-F]{32}");

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private ContentRules() {
	}

	static Content check(FormData form, String to) {
		String body = form.first("Body");
		List<String> media = form.all("MediaUrl").stream().filter((url) -> !url.isEmpty()).toList();
		String contentSid = form.text("ContentSid");
		String variables = form.text("ContentVariables");
		if ((body == null || body.isEmpty()) && media.isEmpty() && contentSid == null) {
			if (variables != null) {
				throw ApiException.badRequest(21654, "The ContentSid Parameter is Required.");
			}
			throw (body == null)
					? ApiException.badRequest(21619, "A text message body or media urls must be specified.")
					: ApiException.badRequest(21602, "Message body is required.");
		}
		if (body != null && body.codePointCount(0, body.length()) > BODY_LIMIT) {
			throw ApiException.badRequest(21617,
					"The concatenated message body exceeds the " + BODY_LIMIT + " character limit");
		}
		checkTemplate(contentSid, variables);
		return new Content((body != null) ? body : "", checkMedia(media, to), contentSid, variables,
				InboundExtras.NONE);
	}

	private static List<String> checkMedia(List<String> media, String to) {
		// WhatsApp takes one and ignores the others.
		List<String> taken = (to.startsWith("whatsapp:") && media.size() > 1) ? media.subList(0, 1) : media;
		if (taken.size() > MEDIA_LIMIT) {
			throw ApiException.badRequest(21623, "Number of media files exceeds allowed limit");
		}
		if (!taken.stream().allMatch(Urls::isWeb)) {
			throw ApiException.badRequest(21620, "Invalid media URL(s)");
		}
		return List.copyOf(taken);
	}

	private static void checkTemplate(@Nullable String contentSid, @Nullable String variables) {
		if (contentSid != null && !CONTENT_SID.matcher(contentSid).matches()) {
			throw ApiException.badRequest(21655, "The ContentSid " + contentSid + " is Invalid");
		}
		if (variables != null) {
			if (contentSid == null) {
				throw ApiException.badRequest(21654, "The ContentSid Parameter is Required.");
			}
			if (!isObject(variables)) {
				throw ApiException.badRequest(21656, "The Content Variables Parameter is Invalid");
			}
		}
	}

	private static boolean isObject(String json) {
		try {
			return MAPPER.readTree(json).isObject();
		}
		catch (JacksonException ex) {
			return false;
		}
	}

}

package io.github.twiliospring.messaging.simulator.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.InboundExtras;
import io.github.twiliospring.messaging.simulator.engine.MessageDraft.Content;
import io.github.twiliospring.messaging.simulator.http.FormData;
import io.github.twiliospring.messaging.simulator.engine.Urls;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.network.ContentTemplate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
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

	static Content check(World world, Account account, FormData form, String to) {
		String body = form.first("Body");
		List<String> media = form.all("MediaUrl");
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
		checkLength((body != null) ? body : "");
		checkTemplate(contentSid, variables);
		ContentTemplate rendered = (contentSid != null) ? render(world, account, contentSid, variables) : null;
		if (rendered != null) {
			checkLength(rendered.body());
			return new Content(rendered.body(), checkMedia(rendered.mediaUrls(), to), contentSid, variables,
					InboundExtras.NONE);
		}
		return new Content((body != null) ? body : "", checkMedia(media, to), contentSid, variables,
				InboundExtras.NONE);
	}

	/** Any template is taken as long as none is known, unless strict. */
	private static @Nullable ContentTemplate render(World world, Account account, String sid,
			@Nullable String variables) {
		Map<String, ContentTemplate> known = account.directory().templates();
		ContentTemplate template = known.get(sid);
		if (template == null) {
			if (known.isEmpty() && !world.settings().manners().strict()) {
				return null;
			}
			throw invalidTemplate(sid);
		}
		Map<String, String> given = new LinkedHashMap<>();
		if (variables != null) {
			for (Map.Entry<String, JsonNode> variable : MAPPER.readTree(variables).properties()) {
				if (variable.getValue().isValueNode() && !variable.getValue().isNull()) {
					given.put(variable.getKey(), variable.getValue().asString());
				}
			}
		}
		try {
			return template.render(given);
		}
		catch (IllegalArgumentException ex) {
			throw invalidVariables();
		}
	}

	private static void checkLength(String body) {
		if (body.codePointCount(0, body.length()) > BODY_LIMIT) {
			throw ApiException.badRequest(21617,
					"The concatenated message body exceeds the " + BODY_LIMIT + " character limit");
		}
	}

	private static ApiException invalidTemplate(String sid) {
		return ApiException.badRequest(21655, "The ContentSid " + sid + " is Invalid");
	}

	private static ApiException invalidVariables() {
		return ApiException.badRequest(21656, "The Content Variables Parameter is Invalid");
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
			throw invalidTemplate(contentSid);
		}
		if (variables != null) {
			if (contentSid == null) {
				throw ApiException.badRequest(21654, "The ContentSid Parameter is Required.");
			}
			if (!isObject(variables)) {
				throw invalidVariables();
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

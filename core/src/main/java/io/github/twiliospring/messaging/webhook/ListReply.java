package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An item that was picked from a list on WhatsApp (content type
 * {@code twilio/list-picker}). The provider's pages don't name these parameters; they are
 * known from applications that read them.
 *
 * @param id the item's id in the template (parameter {@code ListId}), or {@code null}
 * @param title what stands on it ({@code ListTitle}), or {@code null}
 * @param description what stands below ({@code ListDescription}), or {@code null}
 */
public record ListReply(@Nullable String id, @Nullable String title, @Nullable String description) {

	private static final ListReply NONE = new ListReply(null, null, null);

	static @Nullable ListReply of(Map<String, List<String>> parameters) {
		ListReply reply = new ListReply(Parameters.first(parameters, "ListId"),
				Parameters.first(parameters, "ListTitle"), Parameters.first(parameters, "ListDescription"));
		return reply.equals(NONE) ? null : reply;
	}

	@Override
	public String toString() {
		return "ListReply[…]";
	}

}

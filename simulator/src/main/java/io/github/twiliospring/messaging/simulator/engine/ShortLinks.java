package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The links that an account's messages had shortened, up to a limit; the oldest go first.
 */
public final class ShortLinks {

	private static final int REMEMBERED = 10_000;

	private static final int CODE_LENGTH = 10;

	// A full stop or a bracket after a link is the sentence's.
	private static final Pattern LINK = Pattern.compile("https?://[^\\s<>\"]*[^\\s<>\"'.,;:!?)\\]}]");

	private final Map<String, ShortLink> links = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, ShortLink> eldest) {
			return size() > REMEMBERED;
		}

	};

	ShortLinks() {
	}

	/** Shortens the links of a message that asks for it; those that are already stay. */
	void shorten(StoredMessage message, Supplier<String> baseUrl, Sids sids, Instant now) {
		MessageDraft draft = message.draft();
		// The provider does so for Messaging Services alone.
		if (draft.options().shortenUrls() && draft.addresses().serviceSid() != null) {
			message.setBody(shorten(message.body(), message.sid(), baseUrl.get(), sids, now));
		}
	}

	private String shorten(String text, String messageSid, String base, Sids sids, Instant now) {
		return LINK.matcher(text).replaceAll((found) -> {
			if (found.group().startsWith(base + "/")
					&& this.links.containsKey(found.group().substring(base.length() + 1))) {
				return Matcher.quoteReplacement(found.group());
			}
			String code = sids.next("").substring(0, CODE_LENGTH);
			String shortened = base + "/" + code;
			this.links.put(code, new ShortLink(code, shortened, found.group(), messageSid, now));
			return Matcher.quoteReplacement(shortened);
		});
	}

	/**
	 * A link.
	 * @param code what names it
	 * @return the link, or {@code null} if there's none
	 */
	public @Nullable ShortLink find(String code) {
		return this.links.get(code);
	}

	/**
	 * All links.
	 * @return a copy, the oldest first
	 */
	public List<ShortLink> all() {
		return List.copyOf(this.links.values());
	}

	/**
	 * The links of a message.
	 * @param messageSid the message
	 * @return a copy, in the order of its text
	 */
	public List<ShortLink> of(String messageSid) {
		return this.links.values().stream().filter((link) -> link.messageSid().equals(messageSid)).toList();
	}

	void followed(ShortLink link, Instant at) {
		this.links.put(link.code(), link.followed(at));
	}

	void restore(List<ShortLink> all) {
		all.forEach((link) -> this.links.put(link.code(), link));
	}

	void clear() {
		this.links.clear();
	}

}

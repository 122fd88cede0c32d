package io.github.twiliospring.messaging.simulator.engine;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What happens when someone follows a shortened link.
 */
public final class LinkClicks {

	private LinkClicks() {
	}

	/**
	 * Follows a link, and reports that to the account's click callback.
	 * @param world the world
	 * @param code what names the link
	 * @param userAgent what followed it
	 * @return where it leads, or {@code null} if there's no such link, or its message is
	 * deleted
	 */
	public static @Nullable String follow(World world, String code, String userAgent) {
		for (Account account : world.accounts()) {
			ShortLink link = account.links().find(code);
			StoredMessage message = (link != null) ? world.message(link.messageSid()) : null;
			if (link != null && message != null) {
				String callback = account.directory().clickCallback();
				if (callback != null) {
					world.callbacks().dispatchEvent(message, callback, event(world, message, link, userAgent));
				}
				return link.link();
			}
		}
		return null;
	}

	/** The names of the provider's event "Link Clicked", and two that are unverified. */
	private static Map<String, String> event(World world, StoredMessage message, ShortLink link, String userAgent) {
		Map<String, String> event = new LinkedHashMap<>();
		event.put("event_type", "click");
		event.put("sms_sid", message.sid());
		event.put("message_sid", message.sid());
		event.put("account_sid", message.account().sid());
		String service = message.draft().addresses().serviceSid();
		event.put("messaging_service_sid", (service != null) ? service : "");
		event.put("to", message.to());
		String from = message.from();
		event.put("from", (from != null) ? from : "");
		event.put("link", link.link());
		event.put("shortened_link", link.shortened());
		event.put("link_create_time", link.created().toString());
		event.put("click_time", world.now().toString());
		event.put("user_agent", userAgent);
		return event;
	}

}

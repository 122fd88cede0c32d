package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What happens when someone follows a shortened link.
 */
public final class LinkClicks {

	// The provider writes milliseconds, whatever they are.
	private static final DateTimeFormatter CLICK_TIME = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

	private LinkClicks() {
	}

	/**
	 * Follows a link, notes that, and reports it to the account's click callback.
	 * @param world the world
	 * @param code what names the link
	 * @param userAgent what followed it
	 * @return where it leads, or {@code null} if there's no such link, or its message is
	 * deleted
	 */
	public static @Nullable String follow(World world, String code, String userAgent) {
		ShortLink link = find(world, code);
		StoredMessage message = (link != null) ? world.message(link.messageSid()) : null;
		if (link == null || message == null) {
			return null;
		}
		Instant now = world.now();
		Account account = message.account();
		account.links().followed(link, now);
		String callback = account.directory().clickCallback();
		if (callback != null) {
			world.callbacks().dispatchEvent(message, callback, event(message, link, now, userAgent));
		}
		world.edited(message);
		return link.link();
	}

	/**
	 * Looks where a link leads, which is no click.
	 * @param world the world
	 * @param code what names the link
	 * @return where it leads, or {@code null} if there's no such link, or its message is
	 * deleted
	 */
	public static @Nullable String target(World world, String code) {
		ShortLink link = find(world, code);
		return (link != null && world.message(link.messageSid()) != null) ? link.link() : null;
	}

	private static @Nullable ShortLink find(World world, String code) {
		return world.accounts()
			.stream()
			.flatMap((account) -> Stream.ofNullable(account.links().find(code)))
			.findFirst()
			.orElse(null);
	}

	/**
	 * The properties that the provider's page about link shortening names, in its order.
	 */
	private static Map<String, String> event(StoredMessage message, ShortLink link, Instant now, String userAgent) {
		Map<String, String> event = new LinkedHashMap<>();
		event.put("event_type", "click");
		event.put("sms_sid", message.sid());
		event.put("to", message.to());
		String from = message.from();
		event.put("from", (from != null) ? from : "");
		event.put("link", link.link());
		event.put("click_time", CLICK_TIME.format(now));
		String service = message.draft().addresses().serviceSid();
		event.put("messaging_service_sid", (service != null) ? service : "");
		event.put("account_sid", message.account().sid());
		event.put("user_agent", userAgent);
		return event;
	}

}

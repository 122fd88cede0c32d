package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * An account's media. The same address is the same medium, however many messages carry
 * it, and lives as long as one of them does.
 */
public final class MediaLibrary {

	private static final int REMEMBERED_MESSAGES = 1000;

	private final Map<String, Entry> byUrl = new HashMap<>();

	MediaLibrary() {
	}

	StoredMedia use(String url, String messageSid, Sids sids, Instant now) {
		Entry entry = this.byUrl.computeIfAbsent(url,
				(key) -> new Entry(new StoredMedia(sids.next("ME"), key, MediaTypes.guess(key), now)));
		entry.holders.add(messageSid);
		return entry.media;
	}

	void restore(StoredMedia media, String messageSid) {
		this.byUrl.computeIfAbsent(media.url(), (key) -> new Entry(media)).holders.add(messageSid);
	}

	void release(StoredMedia media, String messageSid) {
		Entry entry = this.byUrl.get(media.url());
		if (entry != null) {
			entry.holders.remove(messageSid);
			entry.remember(messageSid);
			if (entry.holders.isEmpty()) {
				this.byUrl.remove(media.url());
			}
		}
	}

	void forget(StoredMedia media, String messageSid) {
		Entry entry = this.byUrl.get(media.url());
		if (entry != null) {
			release(media, messageSid);
			entry.former.remove(messageSid);
		}
	}

	/**
	 * A deleted message's medium, if another message still holds it.
	 * @param messageSid the deleted message
	 * @param mediaSid {@code ME…}
	 * @return the medium, or {@code null}
	 */
	public @Nullable StoredMedia findShared(String messageSid, String mediaSid) {
		for (Entry entry : this.byUrl.values()) {
			if (entry.media.sid().equals(mediaSid) && entry.former.contains(messageSid)) {
				return entry.media;
			}
		}
		return null;
	}

	void clear() {
		this.byUrl.clear();
	}

	private static final class Entry {

		private final StoredMedia media;

		private final Set<String> holders = new HashSet<>();

		private final Set<String> former = new LinkedHashSet<>();

		Entry(StoredMedia media) {
			this.media = media;
		}

		void remember(String messageSid) {
			if (this.former.size() >= REMEMBERED_MESSAGES) {
				this.former.remove(this.former.iterator().next());
			}
			this.former.add(messageSid);
		}

	}

}

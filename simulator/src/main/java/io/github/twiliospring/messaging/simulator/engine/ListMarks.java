package io.github.twiliospring.messaging.simulator.engine;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Where the lists of an account's messages have got to. A list keeps the order that it
 * began with: messages that go out meanwhile would jump over the place where it picks up
 * again, and be lost.
 */
public final class ListMarks {

	private static final int REMEMBERED = 10_000;

	private final Map<String, Mark> marks = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Mark> eldest) {
			return size() > REMEMBERED;
		}

	};

	ListMarks() {
	}

	/**
	 * Remembers where a page of a list ends or begins.
	 * @param row the message there
	 * @param version the version of the world that the list is of
	 * @return whether the message's SID alone names the mark from now on; where an older
	 * list has the same place, the version has to be named, too
	 */
	public boolean add(StoredMessage row, long version) {
		Mark mark = new Mark(version, row.listedAt(version), row.number());
		Mark known = this.marks.putIfAbsent(row.sid(), mark);
		if (known == null || known.version == version) {
			return true;
		}
		this.marks.put(name(row.sid(), version), mark);
		return false;
	}

	/**
	 * A mark.
	 * @param sid the message there, deleted meanwhile or not
	 * @param version the version, or {@code null} where the SID alone names it
	 * @return the mark, or {@code null} if there's none
	 */
	public @Nullable Mark find(String sid, @Nullable Long version) {
		return this.marks.get((version != null) ? name(sid, version) : sid);
	}

	void clear() {
		this.marks.clear();
	}

	private static String name(String sid, long version) {
		return sid + ' ' + version;
	}

	/**
	 * A place in a list.
	 *
	 * @param version the version of the world that the list is of
	 * @param date where the message there stands
	 * @param number the order of its creation
	 */
	public record Mark(long version, Instant date, long number) {

	}

}

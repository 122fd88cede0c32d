package io.github.twiliospring.messaging.simulator.api;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.ListMarks.Mark;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.http.FormData;
import io.github.twiliospring.messaging.simulator.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The list of an account's messages: filters, order and pages. A message that wasn't sent
 * when the list began stands, and is filtered, by the date of its creation.
 */
final class MessageList {

	private final long version;

	private final Comparator<StoredMessage> newestFirst;

	private MessageList(long version) {
		this.version = version;
		this.newestFirst = Comparator.<StoredMessage, Instant>comparing((message) -> message.listedAt(version))
			.thenComparing(StoredMessage::number)
			.reversed();
	}

	static ObjectNode read(World world, Account account, Request request) {
		FormData query = request.query();
		Paging paging = Paging.of(query);
		Mark mark = mark(world, account, paging);
		MessageList list = new MessageList((mark != null) ? mark.version() : world.version());
		List<StoredMessage> rows = account.messages()
			.values()
			.stream()
			.filter(list.filter(query))
			.sorted(list.newestFirst)
			.toList();
		Paging.Slice<StoredMessage> slice = paging.cut(rows, (sid) -> list.after(rows, mark, paging.isBackward()));
		return paging.write(request, "messages", slice, MessageJson::write,
				(message) -> account.listMarks().add(message, list.version) ? message.sid()
						: message.sid() + "&" + Paging.VERSION + "=" + list.version);
	}

	private static @Nullable Mark mark(World world, Account account, Paging paging) {
		String sid = paging.tokenSid();
		if (sid == null) {
			return null;
		}
		Mark mark = account.listMarks().find(sid, paging.version());
		if (mark != null) {
			return mark;
		}
		StoredMessage message = account.messages().get(sid);
		if (message == null) {
			throw Paging.invalidToken();
		}
		return new Mark(world.version(), message.listedAt(world.version()), message.number());
	}

	private int after(List<StoredMessage> rows, @Nullable Mark mark, boolean inclusive) {
		int index = 0;
		while (mark != null && index < rows.size()) {
			StoredMessage row = rows.get(index);
			int order = row.listedAt(this.version).compareTo(mark.date());
			order = (order != 0) ? order : Long.compare(row.number(), mark.number());
			if (order < 0 || (inclusive && order == 0)) {
				break;
			}
			index++;
		}
		return index;
	}

	private Predicate<StoredMessage> filter(FormData query) {
		Predicate<StoredMessage> filter = (message) -> true;
		String to = query.text("To");
		if (to != null) {
			filter = filter.and((message) -> message.to().equals(to));
		}
		String from = query.text("From");
		if (from != null) {
			filter = filter.and((message) -> from.equals(message.from()));
		}
		Predicate<Instant> dates = DateFilter.of(query, "DateSent");
		return filter.and((message) -> dates.test(message.listedAt(this.version)));
	}

}

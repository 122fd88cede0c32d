package io.github.twiliospring.messaging.simulator.api;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.http.FormData;
import io.github.twiliospring.messaging.simulator.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The list of an account's messages: filters, order and pages. A message that wasn't sent
 * stands, and is filtered, by the date of its creation. To be used under the timeline's
 * lock.
 */
final class MessageList {

	private static final int REMEMBERED_TOKENS = 10_000;

	private static final Comparator<StoredMessage> NEWEST_FIRST = Comparator.comparing(Position::of).reversed();

	// Where a row stood when its token was given out: it may have been deleted, or sent,
	// since then.
	private final Map<String, Position> tokens = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Position> eldest) {
			return size() > REMEMBERED_TOKENS;
		}

	};

	ObjectNode read(Account account, Request request) {
		FormData query = request.query();
		Paging paging = Paging.of(query);
		List<StoredMessage> rows = account.messages()
			.values()
			.stream()
			.filter(filter(query))
			.sorted(NEWEST_FIRST)
			.toList();
		Position position = position(account, paging.tokenSid());
		Paging.Slice<StoredMessage> slice = paging.cut(rows, (sid) -> firstAfter(rows, position, paging.isBackward()));
		if (!slice.rows().isEmpty()) {
			remember(account, slice.rows().get(0));
			remember(account, slice.rows().get(slice.rows().size() - 1));
		}
		return paging.write(request, "messages", slice, MessageJson::write, StoredMessage::sid);
	}

	private void remember(Account account, StoredMessage message) {
		this.tokens.put(account.sid() + message.sid(), Position.of(message));
	}

	private @Nullable Position position(Account account, @Nullable String sid) {
		if (sid == null) {
			return null;
		}
		Position remembered = this.tokens.get(account.sid() + sid);
		if (remembered != null) {
			return remembered;
		}
		StoredMessage message = account.messages().get(sid);
		if (message == null) {
			throw Paging.invalidToken();
		}
		return Position.of(message);
	}

	private static int firstAfter(List<StoredMessage> rows, @Nullable Position position, boolean inclusive) {
		int index = 0;
		while (position != null && index < rows.size()) {
			int order = Position.of(rows.get(index)).compareTo(position);
			if (order < 0 || (inclusive && order == 0)) {
				break;
			}
			index++;
		}
		return index;
	}

	private static Predicate<StoredMessage> filter(FormData query) {
		Predicate<StoredMessage> filter = (message) -> true;
		String to = query.text("To");
		if (to != null) {
			filter = filter.and((message) -> message.to().equals(to));
		}
		String from = query.text("From");
		if (from != null) {
			filter = filter.and((message) -> from.equals(message.from()));
		}
		Range on = Range.parse(query.text("DateSent"));
		if (on != null) {
			filter = filter.and((message) -> !date(message).isBefore(on.first) && !date(message).isAfter(on.last));
		}
		Range until = Range.parse(query.text("DateSent<"));
		if (until != null) {
			filter = filter.and((message) -> !date(message).isAfter(until.last));
		}
		Range since = Range.parse(query.text("DateSent>"));
		if (since != null) {
			filter = filter.and((message) -> !date(message).isBefore(since.first));
		}
		return filter;
	}

	private static Instant date(StoredMessage message) {
		// The resource shows whole seconds, so they are what's compared.
		return Position.of(message).date.truncatedTo(ChronoUnit.SECONDS);
	}

	private record Position(Instant date, long number) implements Comparable<Position> {

		static Position of(StoredMessage message) {
			Instant sent = message.sent();
			return new Position((sent != null) ? sent : message.created(), message.number());
		}

		@Override
		public int compareTo(Position other) {
			int order = this.date.compareTo(other.date);
			return (order != 0) ? order : Long.compare(this.number, other.number);
		}

	}

	/** A day or an instant, to the second. */
	private record Range(Instant first, Instant last) {

		static @Nullable Range parse(@Nullable String text) {
			if (text == null) {
				return null;
			}
			try {
				if (text.length() == 10) {
					Instant day = LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
					return new Range(day, day.plus(1, ChronoUnit.DAYS).minusSeconds(1));
				}
				TemporalAccessor parsed = DateTimeFormatter.ISO_DATE_TIME.parseBest(text, Instant::from,
						LocalDateTime::from);
				Instant instant = (parsed instanceof LocalDateTime local) ? local.toInstant(ZoneOffset.UTC)
						: Instant.from(parsed);
				Instant second = instant.truncatedTo(ChronoUnit.SECONDS);
				return new Range(second, second);
			}
			catch (DateTimeParseException ex) {
				throw ApiException.badRequest(20001, "Invalid parameter: DateSent");
			}
		}

	}

}

package com.example.cookbook;

import java.time.Instant;

import io.github.twiliospring.messaging.outbox.MessagingOutbox;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static java.time.Duration.ofDays;

// @formatter:off

@Service
class Reminders {

	private final JdbcClient database;

	private final MessagingOutbox outbox;

	Reminders(JdbcClient database, MessagingOutbox outbox) {
		this.database = database;
		this.outbox = outbox;
	}

	/** The appointment and its reminder: both are there, or neither. */
	@Transactional
	void book(String id, String phone, Instant when) {
		database.sql("insert into appointments (id, starts) values (?, ?)").params(id, when.toString()).update();
		outbox.sendAt("reminder-" + id, to(phone).body("Tomorrow is your appointment"), when.minus(ofDays(1)));
	}

	@Transactional
	void move(String id, Instant when) {
		database.sql("update appointments set starts = ? where id = ?").params(when.toString(), id).update();
		outbox.reschedule("reminder-" + id, when.minus(ofDays(1)));
	}

	/** Once this is committed, no reminder goes out, unless it already did. */
	@Transactional
	void cancel(String id) {
		database.sql("delete from appointments where id = ?").param(id).update();
		outbox.cancel("reminder-" + id);
	}

}

package com.example.durable;

import java.time.Duration;
import java.util.List;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What became of each message. Every statement is a transaction of its own.
 */
@Repository
class OutgoingMessages {

	private final JdbcClient database;

	private final Duration longestSend;

	OutgoingMessages(JdbcClient database, @Value("${outgoing.longest-send:1m}") Duration longestSend) {
		this.database = database;
		this.longestSend = longestSend;
	}

	/**
	 * Begins a message, before its request goes out.
	 * @return whether the caller has to send it, and nobody else
	 * @throws IllegalStateException if somebody may be sending it right now
	 */
	boolean begin(String id) {
		if (insert(id) || change(id, List.of("due"), "begun")) {
			return true;
		}
		// Whoever began it is gone: it may have been sent.
		this.database.sql("""
				update outgoing set state = 'unknown'
				where id = ? and state = 'begun' and since < current_timestamp - ? * interval '1 second'""")
			.params(id, this.longestSend.toSeconds())
			.update();
		if (state(id).equals("begun")) {
			throw new IllegalStateException("The message of " + id + " is under way");
		}
		return false;
	}

	void sent(String id) {
		change(id, List.of("begun", "unknown"), "sent");
	}

	void rejected(String id) {
		change(id, List.of("begun", "unknown"), "rejected");
	}

	void unknown(String id) {
		change(id, List.of("begun"), "unknown");
	}

	void notSent(String id) {
		change(id, List.of("begun"), "due");
	}

	private boolean insert(String id) {
		try {
			this.database.sql("insert into outgoing (id, state, since) values (?, 'begun', current_timestamp)")
				.param(id)
				.update();
			return true;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	private boolean change(String id, List<String> from, String to) {
		return this.database
			.sql("update outgoing set state = :to, since = current_timestamp where id = :id and state in (:from)")
			.param("id", id)
			.param("from", from)
			.param("to", to)
			.update() > 0;
	}

	private String state(String id) {
		return this.database.sql("select state from outgoing where id = ?").param(id).query(String.class).single();
	}

}

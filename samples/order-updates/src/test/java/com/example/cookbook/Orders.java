package com.example.cookbook;

import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.outbox.OutboxUpdate;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

// @formatter:off

@Service
class Orders {

	private final JdbcClient database;

	private final MessagingOutbox outbox;

	Orders(JdbcClient database, MessagingOutbox outbox) {
		this.database = database;
		this.outbox = outbox;
	}

	@Transactional
	void ship(String id, String phone) {
		database.sql("insert into orders (id, customer, message) values (?, ?, 'promised')").params(id, phone).update();
		outbox.send(id, to(phone).body("Your order " + id + " is on its way").reference(id));
	}

	/** Each status once, and never one that a later one has overtaken. */
	@StatusCallback
	void track(StatusUpdate update) {
		note(update.reference(), update.status().value());
	}

	/** The API said no: there's no message, and no status update will come. */
	@OutboxUpdate(OutboxState.REJECTED)
	void rejected(OutboxEntry entry) {
		note(entry.key(), "rejected");
	}

	private void note(String id, String message) {
		database.sql("update orders set message = ? where id = ?").params(message, id).update();
	}

}

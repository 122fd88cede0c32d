package com.example.orders;

import java.util.ArrayList;
import java.util.List;

import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.outbox.OutboxUpdate;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Tells customers about their orders, and notes whether they could be told.
 */
@Service
public class OrderUpdates {

	private final JdbcClient database;

	private final MessagingOutbox outbox;

	OrderUpdates(JdbcClient database, MessagingOutbox outbox) {
		this.database = database;
		this.outbox = outbox;
	}

	/**
	 * Takes an order and promises its customer a message: both are there, or neither. The
	 * same order again changes nothing.
	 * @param id the order's own name, which comes back with every status update
	 * @param customer the customer's number
	 * @return the order
	 */
	@Transactional
	public Order ship(String id, String customer) {
		// First, since it waits for the same order of another request.
		this.outbox.send(id, OutboundMessage.to(customer).body("Your order " + id + " is on its way").reference(id));
		this.database.sql("""
				insert into orders (id, customer, message)
				select :id, :customer, 'promised' where not exists (select 1 from orders where id = :id)""")
			.param("id", id)
			.param("customer", customer)
			.update();
		return this.database.sql("select * from orders where id = :id").param("id", id).query(Order.class).single();
	}

	/**
	 * Notes a status update. It's verified, comes once, unless the process dies
	 * meanwhile, and never goes backwards; this method may block.
	 * @param update the status update
	 */
	@StatusCallback
	public void track(StatusUpdate update) {
		String id = update.reference();
		if (id != null) {
			note(id, update.status().value(), update.error());
		}
	}

	/**
	 * Notes that a message was refused, so that no status update will come.
	 * @param entry its entry in the outbox
	 */
	@OutboxUpdate(OutboxState.REJECTED)
	public void refused(OutboxEntry entry) {
		Integer code = entry.errorCode();
		note(entry.key(), "refused", (code != null) ? new MessageError(code, null) : null);
	}

	private void note(String id, String status, @Nullable MessageError error) {
		this.database.sql("update orders set message = :message where id = :id")
			.param("message", status + ((error != null) ? " (" + error.category() + ")" : ""))
			.param("id", id)
			.update();
	}

	/**
	 * All orders.
	 * @return the orders by their names
	 */
	public List<Order> all() {
		List<Order> orders = new ArrayList<>();
		this.database.sql("select * from orders order by id")
			.query((RowCallbackHandler) (row) -> orders
				.add(new Order(row.getString("id"), row.getString("customer"), row.getString("message"))));
		return orders;
	}

}

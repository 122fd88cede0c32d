package com.example.orders;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

import io.github.twiliospring.messaging.BlockingMessagingOperations;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.message.MessageError;
import io.github.twiliospring.messaging.message.OutboundMessage;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;

import org.springframework.stereotype.Service;

/**
 * Tells customers about their orders, and notes whether they could be told.
 */
@Service
public class OrderUpdates {

	private final Map<String, Order> orders = new ConcurrentSkipListMap<>();

	private final BlockingMessagingOperations messaging;

	OrderUpdates(BlockingMessagingOperations messaging) {
		this.messaging = messaging;
	}

	/**
	 * Takes an order and sends its customer a message, which it waits for.
	 * @param id the order's own name, which comes back with every status update
	 * @param customer the customer's number
	 * @return the order, once the message has been taken or refused
	 */
	public Order ship(String id, String customer) {
		Order order = new Order(id, customer, "unsent");
		this.orders.put(id, order);
		try {
			this.messaging.send(OutboundMessage.to(customer).body("Your order " + id + " is on its way").reference(id));
			return order;
		}
		catch (MessageRejectedException ex) {
			return noteRefusal(order, ex);
		}
	}

	/**
	 * Notes a status update. It's verified, never comes twice and never goes backwards;
	 * this method may block.
	 * @param update the report
	 */
	@StatusCallback
	public void track(StatusUpdate update) {
		String id = update.reference();
		MessageError error = update.error();
		String status = update.status().value() + ((error != null) ? " (" + error.category() + ")" : "");
		if (id != null) {
			this.orders.computeIfPresent(id, (key, order) -> order.withMessage(status));
		}
	}

	private Order noteRefusal(Order order, MessageRejectedException rejected) {
		Order refused = order.withMessage("refused (" + rejected.getCategory() + ")");
		this.orders.put(order.id(), refused);
		return refused;
	}

	/**
	 * All orders.
	 * @return the orders by their names
	 */
	public Collection<Order> all() {
		return this.orders.values();
	}

}

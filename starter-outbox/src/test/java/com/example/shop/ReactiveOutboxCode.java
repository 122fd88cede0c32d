package com.example.shop;

import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import reactor.core.publisher.Mono;

import org.springframework.transaction.annotation.Transactional;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * Code of docs/durable-sending.md.
 */
class ReactiveOutboxCode {

	private final MessagingOutbox outbox;

	private final Orders orders;

	ReactiveOutboxCode(MessagingOutbox outbox, Orders orders) {
		this.outbox = outbox;
		this.orders = orders;
	}

	// @formatter:off
	@Transactional
	public Mono<Order> ship(Order order) {
	    return orders.save(order)
	        .flatMap((saved) -> outbox.reactive()
	            .send("ship-" + saved.id(), to(saved.phone()).body("On its way"))
	            .thenReturn(saved));
	}
	// @formatter:on

	/**
	 * An order.
	 */
	record Order(String id, String phone) {

	}

	/**
	 * Orders in the application's database.
	 */
	interface Orders {

		Mono<Order> save(Order order);

	}

}

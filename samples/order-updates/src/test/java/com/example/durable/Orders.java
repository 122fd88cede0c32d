package com.example.durable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The order and what makes its message due are committed together.
 */
@RestController
class Orders {

	private final JdbcClient database;

	private final ApplicationEventPublisher events;

	Orders(JdbcClient database, ApplicationEventPublisher events) {
		this.database = database;
		this.events = events;
	}

	@PutMapping("/orders/{id}")
	@Transactional
	public void ship(@PathVariable String id, @RequestParam String customer) {
		this.database.sql("insert into orders (id, customer) values (?, ?)").params(id, customer).update();
		this.events.publishEvent(new OrderShipped(id, customer));
	}

}

package com.example.orders;

import java.util.List;

import io.github.twiliospring.messaging.error.InvalidMessageException;
import io.github.twiliospring.messaging.outbox.OutboxKeyConflictException;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The orders as JSON.
 */
@RestController
class OrderController {

	private final OrderUpdates updates;

	OrderController(OrderUpdates updates) {
		this.updates = updates;
	}

	@PutMapping("/orders/{id}")
	Order ship(@PathVariable String id, @RequestParam String customer) {
		return this.updates.ship(id, customer);
	}

	@GetMapping("/orders")
	List<Order> all() {
		return this.updates.all();
	}

	// No order is left behind: its transaction was rolled back.
	@ExceptionHandler
	ProblemDetail refuse(InvalidMessageException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail refuse(OutboxKeyConflictException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, ex.getMessage());
	}

}

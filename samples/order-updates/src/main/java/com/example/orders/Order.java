package com.example.orders;

/**
 * An order and how far its message has come.
 *
 * @param id the order's own name
 * @param customer the customer's number
 * @param message the status of the message about it
 */
public record Order(String id, String customer, String message) {

	@Override
	public String toString() {
		return "Order[id=" + this.id + ", message=" + this.message + "]";
	}

}

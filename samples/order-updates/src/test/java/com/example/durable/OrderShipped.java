package com.example.durable;

/**
 * What makes a message due.
 */
record OrderShipped(String id, String customer) {

	@Override
	public String toString() {
		return "OrderShipped[id=" + this.id + "]";
	}

}

package com.example.release;

/**
 * One way to send a message.
 */
interface Sender {

	void send(String reference);

}

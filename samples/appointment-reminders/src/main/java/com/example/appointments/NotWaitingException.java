package com.example.appointments;

/**
 * The reminder is being sent, or has ended, so there is nothing to cancel or to move.
 */
@SuppressWarnings("serial")
class NotWaitingException extends RuntimeException {

	NotWaitingException() {
		super("The reminder isn't waiting any more");
	}

}

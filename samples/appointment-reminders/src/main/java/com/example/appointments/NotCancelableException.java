package com.example.appointments;

/**
 * The provider hasn't confirmed the message yet, so there is nothing to cancel.
 */
@SuppressWarnings("serial")
class NotCancelableException extends RuntimeException {

	NotCancelableException() {
		super("It isn't known yet whether the reminder was taken");
	}

}

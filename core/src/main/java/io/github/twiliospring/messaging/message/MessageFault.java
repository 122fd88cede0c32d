package io.github.twiliospring.messaging.message;

/**
 * One thing wrong with a message that was to be sent.
 *
 * @param field the API's name of the parameter, for example {@code Body}
 * @param problem what is wrong, which limit holds, and what to do; shows no body and no
 * whole number
 */
public record MessageFault(String field, String problem) {

	@Override
	public String toString() {
		return this.field + ": " + this.problem;
	}

}

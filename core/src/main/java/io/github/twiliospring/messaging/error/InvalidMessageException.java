package io.github.twiliospring.messaging.error;

import java.util.List;
import java.util.stream.Collectors;

import io.github.twiliospring.messaging.message.MessageFault;
import org.jspecify.annotations.Nullable;

/**
 * A message, query or SID breaks the API's rules: nothing was sent. Lists every fault
 * that was found.
 *
 * @serial exclude
 */
@SuppressWarnings("serial")
public final class InvalidMessageException extends MessagingException {

	private final List<MessageFault> faults;

	/**
	 * Reports faults.
	 * @param faults at least one
	 * @param reference the message's reference, or {@code null}
	 */
	public InvalidMessageException(List<MessageFault> faults, @Nullable String reference) {
		super("Refused before any request, " + ((faults.size() == 1) ? "1 fault: " : faults.size() + " faults: ")
				+ faults.stream().map(MessageFault::toString).collect(Collectors.joining("; ")), reference, null);
		this.faults = List.copyOf(faults);
	}

	/**
	 * What is wrong.
	 * @return every fault found, in the order of the form
	 */
	public List<MessageFault> getFaults() {
		return this.faults;
	}

}

package io.github.twiliospring.messaging.observation;

import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a webhook while it's handled. Written by one thread at a time.
 */
public final class WebhookObservationContext extends Observation.Context {

	private final String kind;

	private WebhookOutcome outcome = WebhookOutcome.REFUSED;

	private @Nullable MessageStatus status;

	private @Nullable ErrorCategory errorCategory;

	/**
	 * Makes a context.
	 * @param kind what the endpoint takes, {@code status} or {@code inbound}
	 */
	public WebhookObservationContext(String kind) {
		this.kind = kind;
	}

	/**
	 * What the endpoint takes.
	 * @return {@code status} or {@code inbound}
	 */
	public String getKind() {
		return this.kind;
	}

	/**
	 * What became of it.
	 * @return the outcome, {@link WebhookOutcome#REFUSED} until it's known
	 */
	public WebhookOutcome getOutcome() {
		return this.outcome;
	}

	/**
	 * Sets what became of it.
	 * @param outcome the outcome
	 */
	public void setOutcome(WebhookOutcome outcome) {
		this.outcome = outcome;
	}

	/**
	 * The status that a genuine status update names.
	 * @return the status, or {@code null} where none is known
	 */
	public @Nullable MessageStatus getStatus() {
		return this.status;
	}

	/**
	 * The category of the error that a genuine status update names.
	 * @return the category, or {@code null} where it names none
	 */
	public @Nullable ErrorCategory getErrorCategory() {
		return this.errorCategory;
	}

	/**
	 * Sets what a genuine status update names.
	 * @param status the status
	 * @param errorCategory the category of its error, or {@code null}
	 */
	public void setUpdate(MessageStatus status, @Nullable ErrorCategory errorCategory) {
		this.status = status;
		this.errorCategory = errorCategory;
	}

}

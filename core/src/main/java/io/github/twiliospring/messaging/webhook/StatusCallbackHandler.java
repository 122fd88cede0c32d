package io.github.twiliospring.messaging.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.MessageStatus;
import reactor.core.publisher.Mono;

/**
 * One {@code @StatusCallback} method.
 *
 * @param statuses the statuses to be handed, empty for all
 * @param categories the error categories to be handed, empty for all
 * @param acceptLate whether a late status is handed on
 * @param target how the method is called
 */
record StatusCallbackHandler(Set<MessageStatus> statuses, Set<ErrorCategory> categories, boolean acceptLate,
		HandlerMethod<StatusUpdate> target) {

	String id() {
		return this.target.id();
	}

	boolean accepts(MessageStatus status) {
		return this.statuses.isEmpty() || this.statuses.contains(status);
	}

	boolean accepts(StatusUpdate update) {
		return this.categories.isEmpty()
				|| (update.error() != null && this.categories.contains(update.error().category()));
	}

	/**
	 * Calls the method when it's subscribed.
	 * @param update the update
	 * @param executor calls it
	 * @return completion when the method's work has ended, or its failure
	 */
	Mono<Void> invoke(StatusUpdate update, HandlerExecutor executor) {
		return this.target.invoke(update, executor.limits().answerTimeout(), executor).then();
	}

	HandlerDescription describe() {
		List<String> conditions = new ArrayList<>();
		if (!this.statuses.isEmpty()) {
			conditions.add("statuses " + this.statuses.stream().map(MessageStatus::value).sorted().toList());
		}
		if (!this.categories.isEmpty()) {
			conditions.add("error categories " + this.categories.stream().map(Enum::name).sorted().toList());
		}
		if (this.acceptLate) {
			conditions.add("late ones, too");
		}
		return new HandlerDescription("StatusCallback", id(), conditions, this.target.adapter() == null);
	}

}

package io.github.twiliospring.messaging.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.MessageStatus;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One {@code @StatusCallback} method.
 *
 * @param id a name that is the same in every instance and after a restart
 * @param statuses the statuses to be handed, empty for all
 * @param categories the error categories to be handed, empty for all
 * @param acceptLate whether a late status is handed on
 * @param target how the method is called
 */
record StatusCallbackHandler(String id, Set<MessageStatus> statuses, Set<ErrorCategory> categories, boolean acceptLate,
		HandlerMethod<StatusUpdate> target) {

	boolean accepts(MessageStatus status) {
		return this.statuses.isEmpty() || this.statuses.contains(status);
	}

	boolean accepts(StatusUpdate update) {
		return this.categories.isEmpty()
				|| (update.error() != null && this.categories.contains(update.error().category()));
	}

	/**
	 * Calls the method when it's subscribed.
	 * @param update the report
	 * @param blocking where a method that isn't reactive is called
	 * @return completion when the method's work has ended, or its failure
	 */
	Mono<Void> invoke(StatusUpdate update, Scheduler blocking) {
		return this.target.invoke(update, blocking).then();
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
		return new HandlerDescription("StatusCallback", this.id, conditions, this.target.adapter() == null);
	}

}

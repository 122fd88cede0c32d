package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import reactor.core.publisher.Mono;

/**
 * One method that notes what it's handed, unless it's told to do something else.
 */
class Recorder {

	final List<StatusUpdate> seen = new CopyOnWriteArrayList<>();

	volatile Function<StatusUpdate, Mono<Void>> method = (update) -> Mono.fromRunnable(() -> this.seen.add(update));

	@StatusCallback
	Mono<Void> track(StatusUpdate update) {
		return this.method.apply(update);
	}

	List<MessageStatus> statusesOf(String sid) {
		return this.seen.stream()
			.filter((update) -> update.messageSid().equals(sid))
			.map(StatusUpdate::status)
			.toList();
	}

}

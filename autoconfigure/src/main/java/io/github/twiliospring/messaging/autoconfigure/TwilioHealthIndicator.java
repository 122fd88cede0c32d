package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.boot.health.contributor.AbstractReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Says what {@link ApiHealth} knows, after a call where it's asked to make one.
 */
final class TwilioHealthIndicator extends AbstractReactiveHealthIndicator {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private final ApiHealth api;

	private final Mono<Void> probe;

	/**
	 * Makes an indicator.
	 * @param api what is known
	 * @param probe a call whose outcome gets known, or an empty one
	 * @param interval how long a call counts
	 */
	TwilioHealthIndicator(ApiHealth api, Mono<Void> probe, Duration interval) {
		super("The state of the Twilio API can't be told");
		this.api = api;
		this.probe = probe.onErrorComplete().cache(interval).timeout(LONGEST_WAIT, Mono.empty());
	}

	@Override
	protected Mono<Health> doHealthCheck(Health.Builder builder) {
		return this.probe.then(Mono.fromSupplier(() -> {
			switch (this.api.state()) {
				case ANSWERING -> builder.up();
				case REFUSED -> builder.down();
				case UNKNOWN -> builder.unknown();
			}
			return builder.withDetails(this.api.details()).build();
		}));
	}

}

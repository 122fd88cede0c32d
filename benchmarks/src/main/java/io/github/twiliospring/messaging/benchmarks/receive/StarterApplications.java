package io.github.twiliospring.messaging.benchmarks.receive;

import java.util.concurrent.atomic.LongAdder;

import io.github.twiliospring.messaging.webhook.StatusCallback;
import io.github.twiliospring.messaging.webhook.StatusUpdate;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.WebClientObservationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Applications that use the starter, each with the kind of method that its stack
 * suggests.
 */
final class StarterApplications {

	private StarterApplications() {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { ObservationAutoConfiguration.class, WebClientObservationAutoConfiguration.class })
	static class Reactive {

		@Bean
		ReactiveOrders orders() {
			return new ReactiveOrders();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { ObservationAutoConfiguration.class, WebClientObservationAutoConfiguration.class })
	static class Servlet {

		@Bean
		BlockingOrders orders() {
			return new BlockingOrders();
		}

	}

	static class ReactiveOrders {

		private final LongAdder reports = new LongAdder();

		@StatusCallback
		Mono<Void> track(StatusUpdate update) {
			this.reports.increment();
			return Mono.empty();
		}

	}

	static class BlockingOrders {

		private final LongAdder reports = new LongAdder();

		@StatusCallback
		void track(StatusUpdate update) {
			this.reports.increment();
		}

	}

}

package io.github.twiliospring.messaging.benchmarks.startup;

import reactor.core.publisher.Mono;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The same with Boot's {@code WebClient}: it can send by hand.
 */
class WebClientApplication extends BareApplication {

	private final WebClient client;

	WebClientApplication(WebClient.Builder builder) {
		this.client = builder.baseUrl("http://localhost").build();
	}

	@GetMapping("/messages")
	Mono<String> message() {
		return this.client.get().retrieve().bodyToMono(String.class);
	}

}

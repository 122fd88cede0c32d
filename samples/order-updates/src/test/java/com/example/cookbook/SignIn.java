package com.example.cookbook;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.twiliospring.messaging.BlockingMessagingOperations;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static java.time.Duration.ofMinutes;

// @formatter:off

@RestController
class SignIn {

	// In production: hashed, with an end, and a limit of tries for each phone.
	private final Map<String, String> codes = new ConcurrentHashMap<>();

	private final SecureRandom random = new SecureRandom();

	private final BlockingMessagingOperations messaging;

	SignIn(BlockingMessagingOperations messaging) {
		this.messaging = messaging;
	}

	@PostMapping("/sign-in")
	void begin(@RequestParam String phone) {
		String code = "%06d".formatted(random.nextInt(1_000_000));
		codes.put(phone, code);
		// A code that comes late is worse than none: the provider drops it then.
		messaging.send(to(phone).body(code + " is your code for the shop").validityPeriod(ofMinutes(5)));
	}

	@PostMapping("/sign-in/code")
	boolean end(@RequestParam String phone, @RequestParam String code) {
		return codes.remove(phone, code);
	}

}

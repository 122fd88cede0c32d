package io.github.twiliospring.messaging.benchmarks.startup;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with one endpoint.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
class BareApplication {

	@GetMapping("/orders")
	String orders() {
		return "none";
	}

}

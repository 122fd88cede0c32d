package io.github.twiliospring.messaging.benchmarks.receive;

import com.twilio.security.RequestValidator;
import io.github.twiliospring.messaging.benchmarks.Fixtures;
import jakarta.servlet.http.HttpServletRequest;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.WebClientObservationAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * Applications without the starter. None has a ledger.
 */
final class PeerApplications {

	private static final String SIGNATURE = "X-Twilio-Signature";

	private PeerApplications() {
	}

	private static String requireStatus(MultiValueMap<String, String> form) {
		String status = form.getFirst("MessageStatus");
		if (status == null) {
			throw new IllegalArgumentException("No status");
		}
		return status;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { ObservationAutoConfiguration.class, WebClientObservationAutoConfiguration.class })
	static class Base {

	}

	@Import({ Base.class, BareReactive.Endpoint.class })
	static class BareReactive {

		@RestController
		static class Endpoint {

			@PostMapping(Fixtures.STATUS_PATH)
			Mono<ResponseEntity<Void>> receive(ServerWebExchange exchange) {
				return exchange.getFormData().map((form) -> {
					requireStatus(form);
					return ResponseEntity.noContent().build();
				});
			}

		}

	}

	@Import({ Base.class, CheckedReactive.Endpoint.class })
	static class CheckedReactive {

		@RestController
		static class Endpoint {

			private final RequestValidator validator = new RequestValidator(Fixtures.AUTH_TOKEN);

			@PostMapping(Fixtures.STATUS_PATH)
			Mono<ResponseEntity<Void>> receive(ServerWebExchange exchange, @RequestHeader(SIGNATURE) String signature) {
				String url = Fixtures.PUBLIC_URL + Fixtures.STATUS_PATH + "?"
						+ exchange.getRequest().getURI().getRawQuery();
				return exchange.getFormData().map((form) -> {
					requireStatus(form);
					return this.validator.validate(url, form.toSingleValueMap(), signature)
							? ResponseEntity.noContent().build() : ResponseEntity.status(HttpStatus.FORBIDDEN).build();
				});
			}

		}

	}

	@Import({ Base.class, BareServlet.Endpoint.class })
	static class BareServlet {

		@RestController
		static class Endpoint {

			@PostMapping(Fixtures.STATUS_PATH)
			ResponseEntity<Void> receive(@RequestParam MultiValueMap<String, String> form) {
				requireStatus(form);
				return ResponseEntity.noContent().build();
			}

		}

	}

	@Import({ Base.class, CheckedServlet.Endpoint.class })
	static class CheckedServlet {

		@RestController
		static class Endpoint {

			private final RequestValidator validator = new RequestValidator(Fixtures.AUTH_TOKEN);

			@PostMapping(Fixtures.STATUS_PATH)
			ResponseEntity<Void> receive(HttpServletRequest request, @RequestParam MultiValueMap<String, String> form,
					@RequestHeader(SIGNATURE) String signature) {
				requireStatus(form);
				// A servlet's parameters hold the query's, too, which the signature has
				// in
				// the URL.
				form.keySet().removeIf((name) -> name.startsWith("message-"));
				String url = Fixtures.PUBLIC_URL + Fixtures.STATUS_PATH + "?" + request.getQueryString();
				return this.validator.validate(url, form.toSingleValueMap(), signature)
						? ResponseEntity.noContent().build() : ResponseEntity.status(HttpStatus.FORBIDDEN).build();
			}

		}

	}

}

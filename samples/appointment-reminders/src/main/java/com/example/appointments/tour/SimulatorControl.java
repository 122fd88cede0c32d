package com.example.appointments.tour;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;

import io.github.twiliospring.messaging.autoconfigure.TwilioConnectionDetails;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Does what no real provider lets anyone do, through the simulator's control API: the
 * only class here that knows of it.
 */
@Component
@ConditionalOnBooleanProperty("twilio.simulator.enabled")
class SimulatorControl {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final URI address;

	private final WebClient client;

	SimulatorControl(TwilioConnectionDetails connectionDetails, WebClient.Builder client) {
		this.address = connectionDetails.getBaseUrl();
		this.client = client.baseUrl(this.address + "/simulator").build();
	}

	URI address() {
		return this.address;
	}

	void moveClockTo(Instant instant) {
		post("/clock/advance", "to", instant.toString());
	}

	void failNextMessage(String phone, int errorCode) {
		post("/outcomes", "to", phone, "error_code", Integer.toString(errorCode), "times", "1");
	}

	private void post(String path, String... parameters) {
		MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
		for (int i = 0; i < parameters.length; i += 2) {
			form.add(parameters[i], parameters[i + 1]);
		}
		this.client.post()
			.uri(path)
			.body(BodyInserters.fromFormData(form))
			.retrieve()
			.toBodilessEntity()
			.block(TIMEOUT);
	}

}

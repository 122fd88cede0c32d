package com.example.orders.pages;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.TwilioSimulatorBuilder;
import io.github.twiliospring.messaging.simulator.network.Application;
import io.github.twiliospring.messaging.simulator.network.ContentTemplate;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code of docs/simulator.md that needs no Spring, run. {@link PagesTests} finds it here.
 */
class SimulatorPageTests {

	@Test
	void theBuilderTakesADirectory() throws Exception {
		TwilioSimulatorBuilder builder = TwilioSimulator.builder();
		String serviceSid = "MG0123456789abcdef0123456789abcdef";
		String applicationSid = "AP0123456789abcdef0123456789abcdef";
		String contentSid = "HX0123456789abcdef0123456789abcdef";
		String statusCallback = "https://shop.example.com/status";
		String inboundUrl = "https://shop.example.com/inbound";
		// @formatter:off
		builder.configure((directory) -> {
		    directory.put(new PhoneNumber("+15017122661", "https://shop.example.com/inbound", 1));   // one segment a second
		    directory.put(new MessagingService(serviceSid, List.of("+15017122661"), statusCallback, inboundUrl));
		    directory.put(new Application(applicationSid, "https://shop.example.com/application"));
		    directory.put(new ContentTemplate(contentSid, "See you at {{1}}"));
		    directory.restrictTo(Set.of("+15558675310"));                                            // trial: verified numbers
		});
		// @formatter:on
		try (TwilioSimulator simulator = builder.start()) {
			YourClient client = new YourClient(simulator.baseUrl(), simulator.accountSid(), simulator.authToken());
			assertThat(client.send("+15558675310", "Hi")).isEqualTo(201);
			assertThat(client.send("+15558675311", "Hi")).isEqualTo(400);
		}
	}

	/**
	 * Any client, told another host.
	 */
	record YourClient(URI baseUrl, String accountSid, String authToken) {

		int send(String to, String body) throws IOException, InterruptedException {
			byte[] credentials = (this.accountSid + ":" + this.authToken).getBytes(StandardCharsets.UTF_8);
			String path = "/2010-04-01/Accounts/" + this.accountSid + "/Messages.json";
			return HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(this.baseUrl.resolve(path))
					.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials))
					.header("Content-Type", "application/x-www-form-urlencoded")
					.POST(BodyPublishers.ofString(
							"To=" + to.replace("+", "%2B") + "&From=%2B15017122661&Body=" + body.replace(" ", "+")))
					.build(), BodyHandlers.discarding())
				.statusCode();
		}

	}

}

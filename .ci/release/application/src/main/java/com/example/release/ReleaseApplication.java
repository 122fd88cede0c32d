package com.example.release;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Sends in every way that it has, waits until signed status updates say that each message
 * was delivered, and ends. A forged one has to be refused, and the health to be up.
 */
@SpringBootApplication
public class ReleaseApplication {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	public static void main(String[] args) throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(ReleaseApplication.class, args)) {
			Deliveries deliveries = context.getBean(Deliveries.class);
			for (Sender sender : context.getBeansOfType(Sender.class).values()) {
				String reference = sender.getClass().getSimpleName();
				sender.send(reference);
				deliveries.await(reference, PATIENCE);
			}
			String base = "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
			expect(403, HttpRequest.newBuilder(URI.create(base + "/twilio/status"))
				.header("Content-Type", "application/x-www-form-urlencoded")
				.POST(BodyPublishers.ofString("MessageStatus=delivered")));
			expect(200, HttpRequest.newBuilder(URI.create(base + "/actuator/health")));
			System.out.println("Delivered: Boot " + SpringBootVersion.getVersion() + ", "
					+ ((WebServerApplicationContext) context).getWebServer().getClass().getSimpleName() + ", "
					+ context.getClass().getSimpleName() + ", " + deliveries);
		}
	}

	private static void expect(int status, HttpRequest.Builder builder) throws Exception {
		HttpRequest request = builder.timeout(PATIENCE).build();
		int answered = HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
		if (answered != status) {
			throw new IllegalStateException(request.uri() + " was answered with " + answered);
		}
	}

}

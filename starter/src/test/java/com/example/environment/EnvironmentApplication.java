package com.example.environment;

import io.github.twiliospring.messaging.MessagingTemplate;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;

/**
 * An application without any configuration of its own, which sends a message and ends.
 */
@SpringBootApplication
public class EnvironmentApplication {

	/**
	 * Sends.
	 * @param arguments none
	 */
	public static void main(String[] arguments) {
		try (ConfigurableApplicationContext context = SpringApplication.run(EnvironmentApplication.class, arguments)) {
			MessagingTemplate messaging = context.getBean(MessagingTemplate.class);
			System.out
				.println(messaging.send(to("+15558675310").from("+15017122661").body("Your table is ready")).block());
		}
	}

}

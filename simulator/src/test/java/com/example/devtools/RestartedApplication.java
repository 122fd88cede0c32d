package com.example.devtools;

import java.io.IOException;
import java.io.UncheckedIOException;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.annotation.Bean;

/**
 * An application that says how its simulator is reached and which class loader it has,
 * and that devtools restarts at each line of input.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class RestartedApplication {

	/** What the line begins with. */
	public static final String STARTED = "started ";

	/**
	 * Runs until it's killed.
	 * @param arguments its properties
	 */
	public static void main(String[] arguments) {
		SpringApplication.run(RestartedApplication.class, arguments);
	}

	@Bean
	CommandLineRunner announcement(TwilioSimulator simulator) {
		ClassLoader loader = getClass().getClassLoader();
		return (arguments) -> {
			Thread reader = new Thread(RestartedApplication::restartOnInput, "restart on input");
			reader.setDaemon(true);
			reader.start();
			System.out.println(String.join(" ", STARTED.strip(), simulator.baseUrl().toString(), simulator.accountSid(),
					simulator.authToken(), loader.getClass().getSimpleName(),
					Integer.toString(System.identityHashCode(loader))));
		};
	}

	/** In place of the watch on files, which calls the same. */
	private static void restartOnInput() {
		try {
			if (System.in.read() >= 0) {
				Restarter.getInstance().restart();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

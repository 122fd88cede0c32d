package com.example.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Orders whose customers get a message, on the servlet stack.
 */
@SpringBootApplication
public class OrderUpdatesApplication {

	/**
	 * Starts the application.
	 * @param args passed on to Spring Boot
	 */
	public static void main(String[] args) {
		SpringApplication.run(OrderUpdatesApplication.class, args);
	}

}

package com.example.durable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * The application of docs/operations.md whose messages outlive its process.
 */
@SpringBootApplication
@EnableScheduling
class DurableApplication {

	public static void main(String[] args) {
		SpringApplication.run(DurableApplication.class, args);
	}

}

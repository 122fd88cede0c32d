package com.example.appointments;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts the application.
 */
@SpringBootApplication
public class AppointmentRemindersApplication {

	public static void main(String[] args) {
		SpringApplication.run(AppointmentRemindersApplication.class, args);
	}

}

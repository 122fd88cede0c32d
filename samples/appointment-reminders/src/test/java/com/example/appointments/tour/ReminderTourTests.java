package com.example.appointments.tour;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "spring.r2dbc.url=r2dbc:h2:mem:///tour;DB_CLOSE_DELAY=-1")
class ReminderTourTests {

	@Autowired
	ReminderTour tour;

	@Test
	void endsComplete() throws InterruptedException {
		assertThat(this.tour.awaitEnd(Duration.ofSeconds(90))).isTrue();
	}

}

package com.example.appointments;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;

/**
 * The running application without the tour, and a simulator in place of the API: one of
 * each for all tests, the simulator reset before each.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "appointments.tour.enabled=false")
@EnableTwilioSimulator
@AutoConfigureWebTestClient(timeout = "30s")
@interface AppointmentsTest {

}

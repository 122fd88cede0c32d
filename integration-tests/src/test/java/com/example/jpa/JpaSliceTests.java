package com.example.jpa;

import com.example.jpa.JpaOutboxTests.Appointment;
import com.example.jpa.JpaOutboxTests.Appointments;
import com.example.jpa.JpaOutboxTests.Clinic;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test of nothing but the repositories: without an account, and without an outbox
 * unless one is put in.
 */
@DataJpaTest
@ContextConfiguration(classes = Clinic.class)
class JpaSliceTests {

	@Autowired
	Appointments appointments;

	// Clinic's services need one.
	@MockitoBean
	MessagingOutbox outbox;

	@Autowired
	ObjectProvider<MessagingOutbox> outboxes;

	@Test
	void entitiesAreSavedAndTheOutboxIsTheTests() {
		this.appointments.saveAndFlush(new Appointment("1", "+15558675310"));
		assertThat(this.appointments.findById("1")).isPresent();
		assertThat(this.outboxes.stream()).containsExactly(this.outbox);
	}

}

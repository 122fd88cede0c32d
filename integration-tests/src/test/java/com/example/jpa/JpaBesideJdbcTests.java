package com.example.jpa;

import javax.sql.DataSource;

import com.example.Postgres;
import com.example.jpa.JpaOutboxTests.Appointment;
import com.example.jpa.JpaOutboxTests.Appointments;
import com.example.jpa.JpaOutboxTests.Clinic;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Two transaction managers for one {@code DataSource}, of which the outbox has JDBC's.
 * JPA binds its connection where that one looks for its own.
 */
@SpringBootTest(classes = { Clinic.class, JpaBesideJdbcTests.Managers.class }, webEnvironment = WebEnvironment.NONE,
		properties = { "spring.jpa.hibernate.ddl-auto=create", "spring.datasource.hikari.auto-commit=false",
				"twilio.messaging.outbox.jdbc.initialize-schema=always",
				"twilio.messaging.outbox.jdbc.transaction-manager=jdbcManager" })
@EnableTwilioSimulator
@DirtiesContext
class JpaBesideJdbcTests {

	private static final String CUSTOMER = "+15558675310";

	@Autowired
	MessagingOutbox outbox;

	@Autowired
	Appointments appointments;

	@Autowired
	JpaTransactionManager jpa;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		Postgres.register(properties);
	}

	@Test
	void aRefusalUndoesNothingOfTheTransactionThatGoesOn() {
		new TransactionTemplate(this.jpa).executeWithoutResult((status) -> {
			this.appointments.saveAndFlush(new Appointment("1", CUSTOMER));
			for (int time = 0; time < 2; time++) {
				assertThatExceptionOfType(IllegalTransactionStateException.class)
					.isThrownBy(() -> this.outbox.send("booked-1", to(CUSTOMER).body("Booked")))
					.withMessageContaining("another transaction manager's");
			}
			this.appointments.saveAndFlush(new Appointment("2", CUSTOMER));
		});
		assertThat(this.appointments.findAll()).hasSize(2);
		assertThat(this.outbox.find("booked-1")).isEmpty();
	}

	@Test
	void whatIsSentOnceJpasTransactionIsOverIsSent() {
		new TransactionTemplate(this.jpa).executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						JpaBesideJdbcTests.this.outbox.send("after-commit", to(CUSTOMER).body("Booked"));
					}

					@Override
					public void afterCompletion(int status) {
						JpaBesideJdbcTests.this.outbox.send("after-completion", to(CUSTOMER).body("Booked"));
					}

				}));
		assertThat(this.outbox.find("after-commit")).isPresent();
		assertThat(this.outbox.find("after-completion")).isPresent();
	}

	@Configuration(proxyBeanMethods = false)
	static class Managers {

		@Bean
		@Primary
		JpaTransactionManager transactionManager(EntityManagerFactory entities) {
			return new JpaTransactionManager(entities);
		}

		@Bean
		JdbcTransactionManager jdbcManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

}

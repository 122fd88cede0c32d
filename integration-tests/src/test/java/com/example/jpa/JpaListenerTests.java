package com.example.jpa;

import java.time.Duration;

import com.example.Postgres;
import com.example.jpa.JpaOutboxTests.Appointment;
import com.example.jpa.JpaOutboxTests.Appointments;
import com.example.jpa.JpaOutboxTests.Clinic;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PostCommitInsertEventListener;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.persister.entity.EntityPersister;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Entries that are written once JPA's transaction is over, on connections without
 * auto-commit, where nothing would commit them.
 */
@SpringBootTest(classes = { Clinic.class, JpaListenerTests.Letters.class, JpaListenerTests.Listening.class },
		webEnvironment = WebEnvironment.NONE,
		properties = { "spring.jpa.hibernate.ddl-auto=create", "spring.datasource.hikari.auto-commit=false",
				// Nothing needs a second connection to go on.
				"spring.datasource.hikari.maximum-pool-size=2",
				"twilio.messaging.outbox.jdbc.initialize-schema=always" })
@EnableTwilioSimulator
@DirtiesContext
class JpaListenerTests {

	private static final String CUSTOMER = "+15558675310";

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	MessagingOutbox outbox;

	@Autowired
	Appointments appointments;

	@Autowired
	TransactionTemplate transaction;

	@Autowired
	ApplicationEventPublisher events;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		Postgres.register(properties);
	}

	@Test
	void whatIsSentOnceTheTransactionIsOverIsSent() {
		this.transaction.executeWithoutResult((status) -> {
			this.appointments.save(new Appointment("1", CUSTOMER));
			this.events.publishEvent(new Booked("1"));
		});
		assertThatExceptionOfType(DataIntegrityViolationException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				// The database alone sees what is wrong with it, at the commit.
				this.appointments.save(new Appointment("x".repeat(300), CUSTOMER));
				this.events.publishEvent(new Booked("2"));
			}));
		for (String key : new String[] { "booked-1", "failed-2" }) {
			assertThat(this.outbox.awaitEnded(key, Duration.ofSeconds(30)).state()).as(key).isEqualTo(OutboxState.SENT);
		}
		assertThat(this.outbox.find("booked-2")).isEmpty();
		assertThat(this.simulator.messages()).hasSize(2);
	}

	// Hibernate calls those that wait for its commit before Spring knows of it.
	@Test
	void whatHibernatesOwnListenersSendIsSent() {
		this.transaction.executeWithoutResult((status) -> this.appointments.save(new Appointment("heard", CUSTOMER)));
		for (String key : new String[] { "inserted-heard", "committed-heard" }) {
			assertThat(this.outbox.awaitEnded(key, Duration.ofSeconds(30)).state()).as(key).isEqualTo(OutboxState.SENT);
		}
		assertThatExceptionOfType(DataIntegrityViolationException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				this.appointments.save(new Appointment("undone", CUSTOMER));
				this.appointments.save(new Appointment("x".repeat(300), CUSTOMER));
			}));
		assertThat(this.outbox.find("inserted-undone")).isEmpty();
		assertThat(this.outbox.find("committed-undone")).isEmpty();
	}

	record Booked(String id) {

	}

	static class Letters {

		private final MessagingOutbox outbox;

		Letters(MessagingOutbox outbox) {
			this.outbox = outbox;
		}

		@TransactionalEventListener
		void booked(Booked event) {
			this.outbox.send("booked-" + event.id(), to(CUSTOMER).body("Booked " + event.id()));
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
		void failed(Booked event) {
			this.outbox.send("failed-" + event.id(), to(CUSTOMER).body("Failed " + event.id()));
		}

	}

	static class Listening {

		@Autowired
		void listen(EntityManagerFactory entities, MessagingOutbox outbox) {
			EventListenerRegistry listeners = entities.unwrap(SessionFactoryImplementor.class)
				.getEventEngine()
				.getListenerRegistry();
			listeners.appendListeners(EventType.POST_INSERT, new Inserted(outbox, "inserted-"));
			listeners.appendListeners(EventType.POST_COMMIT_INSERT, new Inserted(outbox, "committed-"));
		}

	}

	record Inserted(MessagingOutbox outbox, String prefix) implements PostCommitInsertEventListener {

		@Override
		public void onPostInsert(PostInsertEvent event) {
			String id = event.getId().toString();
			if (id.equals("heard") || id.equals("undone")) {
				this.outbox.send(this.prefix + id, to(CUSTOMER).body(this.prefix + id));
			}
		}

		@Override
		public void onPostInsertCommitFailed(PostInsertEvent event) {
		}

		@Override
		public boolean requiresPostCommitHandling(EntityPersister persister) {
			return true;
		}

	}

}

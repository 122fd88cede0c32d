package com.example.jpa;

import java.time.Duration;

import com.example.Postgres;
import io.github.twiliospring.messaging.MessagingOperations;
import io.github.twiliospring.messaging.outbox.JdbcMessagingOutbox;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxKeyConflictException;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.stereotype.Service;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Entities and entries in one transaction of JPA, on connections without auto-commit.
 */
// Whoever isn't woken after the commit looks again in five minutes.
@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		properties = { "spring.jpa.hibernate.ddl-auto=create", "spring.datasource.hikari.auto-commit=false",
				"twilio.messaging.outbox.jdbc.initialize-schema=always",
				"twilio.messaging.outbox.relay.poll-interval=5m" })
@EnableTwilioSimulator
@DirtiesContext
class JpaOutboxTests {

	private static final String CUSTOMER = "+15558675310";

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	MessagingOutbox outbox;

	@Autowired
	Appointments appointments;

	@Autowired
	Booking booking;

	@Autowired
	PlatformTransactionManager transactionManager;

	@Autowired
	MessagingOperations messaging;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		Postgres.register(properties);
	}

	@BeforeEach
	void awaitRelay() {
		assertThat(this.transactionManager).isInstanceOf(JpaTransactionManager.class);
		this.appointments.deleteAll();
		// Until it's at work, it finds what is there without being woken for it.
		if (this.outbox.find("first").isEmpty()) {
			this.outbox.send("first", to(CUSTOMER).body("First"));
			awaitSent("first");
		}
		this.simulator.reset();
	}

	@Test
	void theEntityAndTheMessageAreCommittedTogether() {
		this.booking.book("1");
		assertThat(this.appointments.findById("1")).isPresent();
		awaitSent("booked-1");
		assertThat(this.simulator.messages()).hasSize(1);
	}

	@Test
	void neitherIsThereWhereTheTransactionIsRolledBack() {
		assertThatIllegalStateException().isThrownBy(() -> this.booking.bookAndFail("2"));
		assertNothingOf("2");
	}

	@Test
	void neitherIsThereWhereTheFlushAtTheCommitFails() {
		assertThatExceptionOfType(DataIntegrityViolationException.class)
			.isThrownBy(() -> this.booking.bookWithoutPhone("3"));
		assertNothingOf("3");
	}

	@Test
	void aTransactionOfItsOwnInsideAnotherCountsForItself() {
		assertThatIllegalStateException().isThrownBy(() -> this.booking.bookWithNoteThenFail("4"));
		awaitSent("note-4");
		assertNothingOf("4");
		this.booking.bookWithFailingNote("5");
		awaitSent("booked-5");
		assertThat(this.outbox.find("note-5")).isEmpty();
		assertThat(this.appointments.findById("5")).isPresent();
		assertThat(this.simulator.messages()).hasSize(2);
	}

	@Test
	void aReadOnlyTransactionIsRefusedAndGoesOn() {
		this.booking.book("6");
		assertThat(this.booking.readAndSend("6")).isInstanceOf(IllegalTransactionStateException.class)
			.hasMessage("The outbox can't write in a read-only transaction");
		assertThat(this.outbox.find("read-6")).isEmpty();
		// No other test meets it.
		awaitSent("booked-6");
	}

	@Test
	void withoutATransactionAnEntryHasItsOwn() {
		TransactionTemplate transaction = new TransactionTemplate(this.transactionManager);
		transaction.executeWithoutResult((status) -> {
			this.booking.noteOutside("7");
			status.setRollbackOnly();
		});
		awaitSent("note-7");
		this.outbox.send("plain-7", to(CUSTOMER).body("Plain"));
		awaitSent("plain-7");
	}

	@Test
	void aKeyThatIsTakenLeavesTheTransactionAsItWas() {
		this.booking.book("8");
		this.booking.bookWithTakenKey("9", "8");
		assertThat(this.appointments.findById("9")).isPresent();
		awaitSent("booked-8");
		awaitSent("booked-9");
	}

	@Test
	void aDataSourceThatIsntOfTheEntitiesIsRefused() {
		DriverManagerDataSource another = new DriverManagerDataSource("jdbc:h2:mem:another");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> JdbcMessagingOutbox.builder(another, this.transactionManager, this.messaging))
			.withMessageContaining("another DataSource");
	}

	private void assertNothingOf(String id) {
		assertThat(this.appointments.findById(id)).isEmpty();
		assertThat(this.outbox.find("booked-" + id)).isEmpty();
	}

	private void awaitSent(String key) {
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.outbox.find(key).map(OutboxEntry::state).orElse(null), OutboxState.SENT::equals);
	}

	@SpringBootApplication
	@EnableJpaRepositories(considerNestedRepositories = true)
	@Import({ Booking.class, Notes.class })
	static class Clinic {

	}

	@Entity(name = "appointment")
	static class Appointment {

		@Id
		private String id;

		@Column(nullable = false)
		private String phone;

		protected Appointment() {
		}

		Appointment(String id, String phone) {
			this.id = id;
			this.phone = phone;
		}

	}

	interface Appointments extends JpaRepository<Appointment, String> {

	}

	@Service
	static class Booking {

		private final Appointments appointments;

		private final EntityManager entities;

		private final MessagingOutbox outbox;

		private final Notes notes;

		Booking(Appointments appointments, EntityManager entities, MessagingOutbox outbox, Notes notes) {
			this.appointments = appointments;
			this.entities = entities;
			this.outbox = outbox;
			this.notes = notes;
		}

		@Transactional
		public void book(String id) {
			this.appointments.save(new Appointment(id, CUSTOMER));
			this.outbox.send("booked-" + id, to(CUSTOMER).body("Booked " + id));
		}

		@Transactional
		public void bookAndFail(String id) {
			book(id);
			this.entities.flush();
			throw new IllegalStateException("no doctor");
		}

		@Transactional
		public void bookWithoutPhone(String id) {
			this.entities.createNativeQuery("select 1").getSingleResult();
			this.appointments.save(new Appointment(id, CUSTOMER));
			this.outbox.send("booked-" + id, to(CUSTOMER).body("Booked " + id));
			// The database alone sees what is wrong with it.
			this.appointments.save(new Appointment("x".repeat(300), CUSTOMER));
		}

		@Transactional
		public void bookWithNoteThenFail(String id) {
			book(id);
			this.notes.note(id);
			throw new IllegalStateException("no doctor");
		}

		@Transactional
		public void bookWithFailingNote(String id) {
			book(id);
			assertThatIllegalStateException().isThrownBy(() -> this.notes.noteAndFail(id));
		}

		@Transactional(readOnly = true)
		public Exception readAndSend(String id) {
			assertThat(this.appointments.findById(id)).isPresent();
			try {
				this.outbox.send("read-" + id, to(CUSTOMER).body("Read " + id));
				throw new AssertionError("It was written");
			}
			catch (IllegalTransactionStateException ex) {
				assertThat(this.appointments.findById(id)).isPresent();
				return ex;
			}
		}

		@Transactional
		public void bookWithTakenKey(String id, String taken) {
			book(id);
			assertThatExceptionOfType(OutboxKeyConflictException.class)
				.isThrownBy(() -> this.outbox.send("booked-" + taken, to(CUSTOMER).body("Something else")));
		}

		@Transactional(propagation = Propagation.NOT_SUPPORTED)
		public void noteOutside(String id) {
			this.outbox.send("note-" + id, to(CUSTOMER).body("Note " + id));
		}

	}

	@Service
	static class Notes {

		private final MessagingOutbox outbox;

		Notes(MessagingOutbox outbox) {
			this.outbox = outbox;
		}

		@Transactional(propagation = Propagation.REQUIRES_NEW)
		public void note(String id) {
			this.outbox.send("note-" + id, to(CUSTOMER).body("Note " + id));
		}

		@Transactional(propagation = Propagation.REQUIRES_NEW)
		public void noteAndFail(String id) {
			note(id);
			throw new IllegalStateException("no paper");
		}

	}

}

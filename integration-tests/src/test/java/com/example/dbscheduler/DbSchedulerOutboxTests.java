package com.example.dbscheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.example.Postgres;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.boot.EnableTwilioSimulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application that uses db-scheduler, by its starter, for tasks of its own.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		properties = { "db-scheduler.enabled=true", "db-scheduler.polling-interval=200ms",
				"spring.sql.init.mode=always", "spring.sql.init.schema-locations=classpath:db/scheduled-tasks.sql",
				"twilio.messaging.outbox.jdbc.initialize-schema=always",
				"twilio.messaging.outbox.relay.poll-interval=200ms" })
@EnableTwilioSimulator
@DirtiesContext
class DbSchedulerOutboxTests {

	private static final String CUSTOMER = "+15558675310";

	@Autowired
	TwilioSimulator simulator;

	@Autowired
	MessagingOutbox outbox;

	@Autowired
	Scheduler scheduler;

	@Autowired
	Map<String, Scheduler> schedulers;

	@Autowired
	Map<String, Task<?>> tasks;

	@Autowired
	OneTimeTask<Void> invoice;

	@Autowired
	BlockingQueue<String> invoiced;

	@Autowired
	JdbcClient database;

	@Autowired
	TransactionTemplate transaction;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		Postgres.register(properties);
	}

	@Test
	void bothDoTheirOwnWorkAndNeitherSeesTheOthers() throws Exception {
		assertThat(this.schedulers).hasSize(1);
		assertThat(this.tasks).containsOnlyKeys("invoice");
		Instant tomorrow = this.simulator.clock().instant().plus(Duration.ofDays(1));
		this.transaction.executeWithoutResult((status) -> {
			this.scheduler.schedule(this.invoice.instance("1"), Instant.now());
			this.scheduler.schedule(this.invoice.instance("2"), Instant.now().plus(Duration.ofDays(1)));
			this.outbox.send("ship-1", to(CUSTOMER).body("On its way"));
			this.outbox.sendAt("review-1", to(CUSTOMER).body("How was it?"), tomorrow);
		});
		assertThat(this.invoiced.poll(30, TimeUnit.SECONDS)).isEqualTo("1");
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.outbox.find("ship-1").map(OutboxEntry::state).orElse(null), OutboxState.SENT::equals);
		await().atMost(Duration.ofSeconds(30)).until(() -> names("scheduled_tasks").size() == 1);
		await().atMost(Duration.ofSeconds(30)).until(() -> names("twilio_outbox_tasks").size() == 1);
		assertThat(names("scheduled_tasks")).containsExactly("invoice");
		assertThat(names("twilio_outbox_tasks")).containsExactly("twilio-outbox-entry");
		assertThat(this.scheduler.getScheduledExecutions()).singleElement()
			.satisfies((found) -> assertThat(found.getTaskInstance().getId()).isEqualTo("2"));
		assertThat(this.simulator.messages()).hasSize(1);
	}

	@Test
	void theirTransactionsAreOne() {
		this.transaction.executeWithoutResult((status) -> {
			this.scheduler.schedule(this.invoice.instance("3"), Instant.now().plus(Duration.ofDays(1)));
			this.outbox.send("ship-3", to(CUSTOMER).body("On its way"));
			status.setRollbackOnly();
		});
		assertThat(this.outbox.find("ship-3")).isEmpty();
		assertThat(this.scheduler.getScheduledExecution(this.invoice.instance("3"))).isEmpty();
	}

	private List<String> names(String table) {
		return this.database.sql("select task_name from " + table).query(String.class).list();
	}

	@SpringBootApplication
	static class Shop {

		@Bean
		BlockingQueue<String> invoiced() {
			return new LinkedBlockingQueue<>();
		}

		@Bean
		OneTimeTask<Void> invoice(BlockingQueue<String> invoiced) {
			return Tasks.oneTime("invoice").execute((instance, context) -> invoiced.add(instance.getId()));
		}

	}

}

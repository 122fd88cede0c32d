package io.github.twiliospring.messaging.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.Task;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import io.github.twiliospring.messaging.outbox.OutboxEntry;
import io.github.twiliospring.messaging.outbox.OutboxState;
import io.github.twiliospring.messaging.outbox.OutboxUpdate;
import io.github.twiliospring.messaging.webhook.InvalidHandlerException;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * When there's an outbox, and where.
 */
class TwilioOutboxAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TwilioMessagingAutoConfiguration.class,
				TwilioOutboxAutoConfiguration.class, DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues("twilio.account-sid=AC0123456789abcdef0123456789abcdef", "twilio.auth-token=secret",
				"twilio.messaging.from=+15017122661");

	@Test
	void makesItsTablesInAnEmbeddedDatabaseAndNoBeansOfDbScheduler() {
		embedded().run((context) -> {
			assertThat(context).hasSingleBean(MessagingOutbox.class)
				.doesNotHaveBean(SchedulerClient.class)
				.doesNotHaveBean(Task.class);
			assertThat(context.getBean(MessagingOutbox.class).unresolved()).isEmpty();
		});
	}

	@Test
	void makesNoTablesWhereThatIsntWanted() {
		embedded().withPropertyValues("twilio.messaging.outbox.jdbc.initialize-schema=never")
			.run((context) -> assertThat(new JdbcTemplate(context.getBean(DataSource.class)).queryForList(
					"select table_name from information_schema.tables where lower(table_name) like 'twilio%'"))
				.isEmpty());
	}

	@Test
	void isntThereWithoutADatabaseOrWhereItsSwitchedOff() {
		this.runner.withClassLoader(new FilteredClassLoader("com.zaxxer", "org.h2"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MessagingOutbox.class));
		this.runner.withClassLoader(new FilteredClassLoader("io.github.twiliospring.messaging.outbox"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TwilioOutboxAutoConfiguration.class));
		embedded().withPropertyValues("twilio.messaging.outbox.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MessagingOutbox.class));
	}

	@Test
	void asksWhichOfSeveralDatabasesAndTakesTheOneThatIsNamed() {
		ApplicationContextRunner several = this.runner.withUserConfiguration(TwoDatabases.class);
		several.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(InvalidTwilioConfigurationException.class)
			.hasMessageContaining("billing, orders"));
		several
			.withPropertyValues("twilio.messaging.outbox.jdbc.data-source=orders",
					"twilio.messaging.outbox.jdbc.transaction-manager=ordersTransactions")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(new JdbcTemplate(context.getBean("orders", DataSource.class))
					.queryForObject("select count(*) from twilio_outbox", Integer.class)).isZero();
			});
	}

	@Test
	void refusesR2dbcWhoseDatabaseItCantFindByJdbcAndSaysWhatToSet() {
		this.runner
			.withBean(ConnectionFactory.class,
					() -> ConnectionFactories.get("r2dbc:postgresql://shop:hidden@localhost:1/shop"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidTwilioConfigurationException.class,
						(ex) -> assertThat(ex.getAction()).contains("'spring.datasource.url'", "'spring.r2dbc.url'"))
				.hasMessageContaining("no DataSource")
				.hasMessageNotContaining("hidden"));
	}

	@Test
	void refusesSeveralR2dbcDatabasesOfWhichNoneIsPrimary() {
		ApplicationContextRunner several = this.runner.withUserConfiguration(TwoReactiveDatabases.class);
		several.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(InvalidTwilioConfigurationException.class)
			.hasMessageContaining("several beans of type ConnectionFactory"));
		several.withUserConfiguration(TwoDatabases.class)
			.withPropertyValues("twilio.messaging.outbox.jdbc.data-source=orders",
					"twilio.messaging.outbox.jdbc.transaction-manager=ordersTransactions")
			.run((context) -> assertThatIllegalStateException()
				.isThrownBy(() -> context.getBean(MessagingOutbox.class).reactive())
				.withMessageContaining("make one primary"));
	}

	@Test
	void refusesValuesThatCantWorkAndMethodsThatCantBeCalled() {
		embedded().withPropertyValues("twilio.messaging.outbox.relay.in-flight=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidTwilioConfigurationException.class));
		embedded().withBean(WrongUpdates.class)
			.run((context) -> assertThat(context).getFailure()
				// It has a failure analyzer, by which the log says what to do.
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessageContaining("WrongUpdates.")
				.hasMessageContaining("it has to take an OutboxEntry"));
	}

	@Test
	void refusesAPlatformWithoutAFileAndNamesThoseThatHaveOne() {
		embedded().withPropertyValues("twilio.messaging.outbox.jdbc.platform=postgres")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidTwilioConfigurationException.class,
						(ex) -> assertThat(ex.getAction()).contains("'twilio.messaging.outbox.jdbc.platform'",
								"postgresql"))
				.hasMessageContaining("schema-postgres.sql"));
	}

	@Test
	void refusesToStopSoonerThanASendMayTakeAndNamesBothProperties() {
		ApplicationContextRunner patient = embedded().withPropertyValues("twilio.messaging.client.deadline=60s");
		patient.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(InvalidTwilioConfigurationException.class,
					(ex) -> assertThat(ex.getAction()).contains("'twilio.messaging.outbox.relay.shutdown-timeout'",
							"'twilio.messaging.client.deadline'"))
			.hasMessageContaining("PT40S")
			.hasMessageContaining("PT1M"));
		patient.withPropertyValues("twilio.messaging.outbox.relay.shutdown-timeout=60s")
			.run((context) -> assertThat(context).hasFailed());
		patient.withPropertyValues("twilio.messaging.outbox.relay.shutdown-timeout=61s")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void propertiesDecideWhatBecomesOfWhatIsUnknownAndOfContents() {
		embedded()
			.withPropertyValues("twilio.messaging.outbox.on-unresolved=drop",
					"twilio.messaging.outbox.keep-content=true", "twilio.messaging.outbox.unresolved-after=1ms",
					"twilio.messaging.outbox.relay.poll-interval=20ms")
			.run((context) -> {
				MessagingOutbox outbox = context.getBean(MessagingOutbox.class);
				JdbcTemplate database = new JdbcTemplate(context.getBean(DataSource.class));
				outbox.sendAt("ship-1", to("+15558675310").body("On its way"), Instant.now().plus(Duration.ofDays(1)));
				// What can't be read isn't looked for.
				database.update("update twilio_outbox set state = 'unknown', content = '{\"OfTomorrow\":\"x\"}',"
						+ " next_at = send_at - interval '2' day");
				assertThat(outbox.awaitEnded("ship-1", Duration.ofMinutes(1)).state()).isEqualTo(OutboxState.CANCELED);
				assertThat(database.queryForObject("select content from twilio_outbox", String.class))
					.contains("OfTomorrow");
			});
	}

	private ApplicationContextRunner embedded() {
		return this.runner.withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID());
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDatabases {

		@Bean
		DataSource orders() {
			return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		}

		@Bean
		DataSource billing() {
			return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		}

		@Bean
		PlatformTransactionManager ordersTransactions(@Qualifier("orders") DataSource orders) {
			return new DataSourceTransactionManager(orders);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoReactiveDatabases {

		@Bean
		ConnectionFactory reactiveOrders() {
			return ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID());
		}

		@Bean
		ConnectionFactory reactiveBilling() {
			return ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID());
		}

		@Bean
		ReactiveTransactionManager reactiveTransactions(@Qualifier("reactiveOrders") ConnectionFactory orders) {
			return new R2dbcTransactionManager(orders);
		}

	}

	static class WrongUpdates {

		@OutboxUpdate
		void tell(OutboxEntry entry, String reason) {
		}

	}

}

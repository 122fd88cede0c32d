package io.github.twiliospring.messaging.outbox;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.github.twiliospring.messaging.autoconfigure.TwilioMessagingAutoConfiguration;
import io.github.twiliospring.messaging.autoconfigure.TwilioOutboxAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several instances that make the tables at once: PostgreSQL's {@code if not exists} sees
 * no table that another is just making, and fails once it's there. Boot goes on.
 */
class SchemaRaceTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TwilioMessagingAutoConfiguration.class,
				TwilioOutboxAutoConfiguration.class, DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues("twilio.account-sid=AC0123456789abcdef0123456789abcdef", "twilio.auth-token=secret",
				"twilio.messaging.from=+15017122661", "twilio.messaging.outbox.jdbc.initialize-schema=always");

	@Test
	void anInstanceStartsWhileAnotherMakesTheTables() throws Exception {
		String url = TestPostgres.database();
		try (HikariDataSource pool = TestDatabase.pool(url, true)) {
			TransactionTemplate other = new TransactionTemplate(new DataSourceTransactionManager(pool));
			CompletableFuture<Void> start = new CompletableFuture<>();
			other.executeWithoutResult((status) -> {
				new ResourceDatabasePopulator(new ClassPathResource("schema-postgresql.sql", MessagingOutbox.class))
					.execute(pool);
				start.completeAsync(() -> {
					this.runner.withPropertyValues("spring.datasource.url=" + url)
						.run((context) -> assertThat(context).hasNotFailed());
					return null;
				});
				await().atMost(TestOutbox.TIMEOUT).until(() -> isWaiting(url));
			});
			start.get(1, TimeUnit.MINUTES);
			assertThat(JdbcClient.create(pool)
				.sql("select count(*) from pg_indexes where tablename like 'twilio_outbox%'")
				.query(Integer.class)
				.single()).isEqualTo(11);
		}
	}

	private static boolean isWaiting(String url) {
		try (HikariDataSource pool = TestDatabase.pool(url, true)) {
			return JdbcClient.create(pool)
				.sql("select count(*) from pg_stat_activity where datname = current_database()"
						+ " and wait_event_type = 'Lock'")
				.query(Integer.class)
				.single() > 0;
		}
	}

}

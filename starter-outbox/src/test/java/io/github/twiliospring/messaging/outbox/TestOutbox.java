package io.github.twiliospring.messaging.outbox;

import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.MessagingTemplateBuilder;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

import static org.awaitility.Awaitility.await;

/**
 * An outbox with all that it needs, quicker than in production.
 */
final class TestOutbox implements AutoCloseable {

	static final String FROM = "+15017122661";

	// Known to processes of their own, too.
	private static final String AUTH_TOKEN = "0123456789abcdef0123456789abcdef";

	static final Duration TIMEOUT = Duration.ofMinutes(1);

	static final Duration POLL_INTERVAL = Duration.ofMillis(100);

	static final Duration HEARTBEAT = Duration.ofMillis(500);

	final HikariDataSource dataSource;

	final TransactionTemplate transaction;

	final JdbcClient database;

	final JdbcMessagingOutbox outbox;

	private TestOutbox(HikariDataSource dataSource, JdbcMessagingOutboxBuilder builder,
			DataSourceTransactionManager transactionManager) {
		this.dataSource = dataSource;
		this.transaction = new TransactionTemplate(transactionManager);
		this.database = JdbcClient.create(dataSource);
		this.outbox = builder.build();
	}

	static TwilioSimulator simulator() {
		return TwilioSimulator.builder().systemClock().authToken(AUTH_TOKEN).historyLimit(100_000).start();
	}

	static TestOutbox of(String jdbcUrl, MessagingTemplateBuilder messaging,
			UnaryOperator<JdbcMessagingOutboxBuilder> change) {
		HikariConfig pool = new HikariConfig();
		pool.setJdbcUrl(jdbcUrl);
		pool.setMaximumPoolSize(10);
		HikariDataSource dataSource = new HikariDataSource(pool);
		DataSourceTransactionManager transactionManager = new DataSourceTransactionManager(dataSource);
		return new TestOutbox(dataSource,
				change.apply(JdbcMessagingOutbox.builder(dataSource, transactionManager, messaging.build())
					.pollInterval(POLL_INTERVAL)
					.heartbeat(HEARTBEAT)
					.pauses(Duration.ofMillis(100), Duration.ofSeconds(1))),
				transactionManager);
	}

	static MessagingTemplateBuilder template(String baseUrl) {
		return MessagingTemplate.builder(TwilioSimulator.DEFAULT_ACCOUNT_SID, AUTH_TOKEN)
			.baseUrl(URI.create(baseUrl))
			.from(FROM)
			.deadline(Duration.ofSeconds(5));
	}

	static void createSchema(DataSource dataSource, String platform) {
		new ResourceDatabasePopulator(new ClassPathResource("schema-" + platform + ".sql", MessagingOutbox.class))
			.execute(dataSource);
	}

	TestOutbox withSchema(String platform) {
		createSchema(this.dataSource, platform);
		return this;
	}

	TestOutbox start() {
		this.outbox.afterSingletonsInstantiated();
		this.outbox.start();
		return this;
	}

	OutboxEntry entry(String key) {
		return this.outbox.find(key).orElseThrow();
	}

	/**
	 * Counts rows.
	 * @param from a table, perhaps with a condition
	 */
	int rows(String from) {
		return this.database.sql("select count(*) from " + from).query(Integer.class).single();
	}

	/**
	 * Waits until a statement waits for a row that another transaction has changed, in
	 * PostgreSQL.
	 */
	void awaitRowLock() {
		await().atMost(TIMEOUT).until(this::hasRowLock);
	}

	boolean hasRowLock() {
		return rows(
				"pg_stat_activity where datname = current_database() and wait_event in ('transactionid', 'tuple')") > 0;
	}

	OutboxEntry awaitState(String key, OutboxState state) {
		await().atMost(TIMEOUT)
			.until(() -> this.outbox.find(key).map(OutboxEntry::state).orElse(null), (found) -> found == state);
		return entry(key);
	}

	@Override
	public void close() {
		this.outbox.stop();
		this.dataSource.close();
	}

}

package io.github.twiliospring.messaging.autoconfigure;

import java.util.UUID;

import javax.sql.DataSource;

import io.github.twiliospring.messaging.outbox.JdbcMessagingOutbox;
import io.github.twiliospring.messaging.outbox.MessagingOutbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;

import static io.github.twiliospring.messaging.message.OutboundMessage.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Which of several databases and transaction managers the outbox takes, and what whoever
 * has none is told.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutboxWiringTests {

	private static final String DATA_SOURCE = "twilio.messaging.outbox.jdbc.data-source=";

	private static final String TRANSACTION_MANAGER = "twilio.messaging.outbox.jdbc.transaction-manager=";

	private static final String[] ACCOUNT = { "twilio.account-sid=AC0123456789abcdef0123456789abcdef",
			"twilio.auth-token=secret", "twilio.messaging.from=+15017122661",
			// Nothing is sent here.
			"twilio.messaging.outbox.relay.poll-interval=1h" };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(TwilioMessagingAutoConfiguration.class, TwilioOutboxAutoConfiguration.class,
						DataSourceTransactionManagerAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues(ACCOUNT);

	@Test
	void severalDataSourcesOrManagersAreRefusedWithTheirNames() {
		this.runner.withUserConfiguration(TwoOfEach.class)
			.run(refused("could be in each of several beans of type DataSource: billing, orders",
					"twilio.messaging.outbox.jdbc.data-source"));
		this.runner.withUserConfiguration(TwoOfEach.class)
			.withPropertyValues(DATA_SOURCE + "orders")
			.run(refused("several beans of type PlatformTransactionManager: billingTransactions, ordersTransactions",
					"twilio.messaging.outbox.jdbc.transaction-manager"));
	}

	@Test
	void aNameThatIsntThereIsRefusedWithThoseThatAre() {
		this.runner.withUserConfiguration(TwoOfEach.class)
			.withPropertyValues(DATA_SOURCE + "shipping")
			.run(refused("no bean of type DataSource with the name 'shipping'", "one of these names"));
		this.runner.withUserConfiguration(TwoOfEach.class)
			// It's there, and something else.
			.withPropertyValues(DATA_SOURCE + "orders", TRANSACTION_MANAGER + "billing")
			.run(refused("There are: billingTransactions, ordersTransactions", "one of these names"));
	}

	@ParameterizedTest
	@CsvSource({ "orders, ordersTransactions", "billing, billingTransactions" })
	void theNamedOnesAreTaken(String dataSource, String transactionManager) {
		this.runner.withUserConfiguration(TwoOfEach.class)
			.withPropertyValues(DATA_SOURCE + dataSource, TRANSACTION_MANAGER + transactionManager)
			.run(holdsIn(dataSource));
	}

	@ParameterizedTest
	@CsvSource({ "orders, billingTransactions", "billing, ordersTransactions" })
	void aManagerOfAnotherDataSourceIsRefused(String dataSource, String transactionManager) {
		this.runner.withUserConfiguration(TwoOfEach.class)
			.withPropertyValues(DATA_SOURCE + dataSource, TRANSACTION_MANAGER + transactionManager)
			.run(refused("manages another DataSource", "two that belong together"));
	}

	@Test
	void thePrimaryOnesAreTaken() {
		this.runner.withUserConfiguration(TwoOfEach.class, PrimaryOnes.class).run(holdsIn("main"));
	}

	@Test
	void aProxyThatJoinsTransactionsBelongsToItsTarget() {
		this.runner.withUserConfiguration(TwoOfEach.class, ProxyOfOrders.class)
			.withPropertyValues(DATA_SOURCE + "proxy", TRANSACTION_MANAGER + "ordersTransactions")
			.run(holdsIn("orders"));
	}

	@Test
	void whoeverNeedsAnOutboxThatIsntThereIsToldWhy(CapturedOutput output) {
		start("spring.datasource.url=" + url(), "twilio.messaging.outbox.enabled=false");
		assertThat(output).contains("it's switched off").contains("Remove 'twilio.messaging.outbox.enabled=false'");
		start("spring.datasource.url=" + url(),
				"spring.autoconfigure.exclude=" + DataSourceTransactionManagerAutoConfiguration.class.getName());
		assertThat(output).contains("there's no bean of type PlatformTransactionManager")
			.contains("Define a transaction manager for the outbox's DataSource");
		start("spring.autoconfigure.exclude=" + DataSourceAutoConfiguration.class.getName());
		assertThat(output).contains("there's no bean of type DataSource").contains("'spring.datasource.url'");
	}

	private static void start(String... properties) {
		SpringApplication application = new SpringApplicationBuilder(NeedsOutbox.class).web(WebApplicationType.NONE)
			.properties(ACCOUNT)
			.properties("spring.main.banner-mode=off", "spring.sql.init.mode=never")
			.properties(properties)
			.build();
		assertThatException().isThrownBy(application::run);
	}

	private static ContextConsumer<AssertableApplicationContext> holdsIn(String dataSource) {
		return (context) -> {
			assertThat(context).hasNotFailed();
			context.getBean(MessagingOutbox.class).send("key", to("+15558675310").body("Hi"));
			assertThat(new JdbcTemplate(context.getBean(dataSource, DataSource.class))
				.queryForObject("select count(*) from twilio_outbox", Integer.class)).isEqualTo(1);
		};
	}

	private static ContextConsumer<AssertableApplicationContext> refused(String description, String action) {
		return (context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(InvalidTwilioConfigurationException.class, (ex) -> {
				assertThat(ex).hasMessageContaining(description);
				assertThat(ex.getAction()).contains(action);
			});
	}

	private static String url() {
		return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoOfEach {

		@Bean
		DataSource orders() {
			return new DriverManagerDataSource(url());
		}

		@Bean
		DataSource billing() {
			return new DriverManagerDataSource(url());
		}

		@Bean
		PlatformTransactionManager ordersTransactions(@Qualifier("orders") DataSource orders) {
			return new DataSourceTransactionManager(orders);
		}

		@Bean
		PlatformTransactionManager billingTransactions(@Qualifier("billing") DataSource billing) {
			return new DataSourceTransactionManager(billing);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryOnes {

		@Bean
		@Primary
		DataSource main() {
			return new DriverManagerDataSource(url());
		}

		@Bean
		@Primary
		PlatformTransactionManager mainTransactions(@Qualifier("main") DataSource main) {
			return new DataSourceTransactionManager(main);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxyOfOrders {

		@Bean
		DataSource proxy(@Qualifier("orders") DataSource orders) {
			return new TransactionAwareDataSourceProxy(orders);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Shipping.class)
	static class NeedsOutbox {

	}

	static class Shipping {

		Shipping(MessagingOutbox outbox) {
			assertThat(outbox).isInstanceOf(JdbcMessagingOutbox.class);
		}

	}

}

package io.github.twiliospring.messaging.autoconfigure;

import javax.sql.DataSource;

import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.ClassUtils;

/**
 * The database of a reactive application: Boot makes no {@code DataSource} there, nor
 * transactions of one. The outbox's relay has its own, which are no beans.
 */
final class ReactiveOutboxDatabase extends OutboxDatabase implements DisposableBean {

	private static final String URL = "spring.datasource.url";

	private static final String HIKARI = "com.zaxxer.hikari.HikariDataSource";

	private final ObjectProvider<ConnectionFactory> connections;

	private final Environment environment;

	private @Nullable DataSource own;

	/**
	 * Makes a pool where it's needed.
	 * @param beanFactory where the application's beans are
	 * @param properties which of them
	 * @param connections the database by R2DBC
	 * @param environment where it is by JDBC
	 */
	ReactiveOutboxDatabase(ListableBeanFactory beanFactory, TwilioOutboxJdbcProperties properties,
			ObjectProvider<ConnectionFactory> connections, Environment environment) {
		super(beanFactory, properties);
		this.connections = connections;
		this.environment = environment;
	}

	@Override
	synchronized DataSource dataSource() {
		if (hasBean(DataSource.class)) {
			return super.dataSource();
		}
		if (this.own == null) {
			this.own = pool();
		}
		return this.own;
	}

	@Override
	PlatformTransactionManager transactionManager() {
		return hasBean(PlatformTransactionManager.class) ? super.transactionManager()
				: new DataSourceTransactionManager(dataSource());
	}

	private DataSource pool() {
		ConnectionFactory unique = this.connections.getIfUnique();
		if (unique == null) {
			throw new InvalidTwilioConfigurationException(
					"The outbox could be in each of several beans of type ConnectionFactory.",
					"Make one primary, and its ReactiveTransactionManager, or define a DataSource for the outbox.");
		}
		String url = this.environment.getProperty(URL);
		H2Address h2 = (url == null) ? H2Address.of(unique) : null;
		if (h2 != null) {
			return pool(h2.url(), h2.username(), h2.password());
		}
		if (url == null) {
			throw new InvalidTwilioConfigurationException(
					"The outbox sends by JDBC what a reactive application writes by R2DBC, and there's no DataSource.",
					"Set '%s' to the database of 'spring.r2dbc.url', and add its JDBC driver.".formatted(URL));
		}
		return pool(url, property("username"), property("password"));
	}

	private DataSource pool(String url, @Nullable String username, @Nullable String password) {
		DataSource pool = DataSourceBuilder.create().url(url).username(username).password(password).build();
		if (pool.getClass().getName().equals(HIKARI)) {
			Binder.get(this.environment).bind("spring.datasource.hikari", Bindable.ofInstance(pool));
		}
		return pool;
	}

	private @Nullable String property(String name) {
		return this.environment.getProperty("spring.datasource." + name,
				this.environment.getProperty("spring.r2dbc." + name, ""));
	}

	@Override
	public synchronized void destroy() throws Exception {
		if (this.own instanceof AutoCloseable pool) {
			pool.close();
		}
	}

	/**
	 * Lets a native image give the pool its properties, which no bean of Boot's takes.
	 */
	static class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			if (ClassUtils.isPresent(HIKARI, classLoader)) {
				BindableRuntimeHintsRegistrar.forTypes(ClassUtils.resolveClassName(HIKARI, classLoader))
					.registerHints(hints);
			}
		}

	}

}

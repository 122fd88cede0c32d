package io.github.twiliospring.messaging.outbox;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * A transaction manager that doesn't tell which {@link DataSource} it manages.
 */
class SilentManager implements ResourceTransactionManager {

	private final DataSourceTransactionManager delegate;

	SilentManager(DataSource dataSource) {
		this.delegate = new DataSourceTransactionManager(dataSource);
	}

	@Override
	public Object getResourceFactory() {
		return this;
	}

	@Override
	public TransactionStatus getTransaction(TransactionDefinition definition) {
		return this.delegate.getTransaction(definition);
	}

	@Override
	public void commit(TransactionStatus status) {
		this.delegate.commit(status);
	}

	@Override
	public void rollback(TransactionStatus status) {
		this.delegate.rollback(status);
	}

}

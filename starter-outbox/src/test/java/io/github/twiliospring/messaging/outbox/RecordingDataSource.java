package io.github.twiliospring.messaging.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Keeps the first statement of each text, with its values in place.
 */
class RecordingDataSource extends DelegatingDataSource {

	/** The statements with values, by those without. */
	final Map<String, String> statements = new ConcurrentHashMap<>();

	RecordingDataSource(DataSource target) {
		super(target);
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		return proxy(Connection.class, (method, arguments) -> {
			Object result = invoke(connection, method, arguments);
			if (method.getName().startsWith("prepare") && result instanceof Statement statement) {
				return recorded(method.getReturnType(), (String) arguments[0], statement);
			}
			return result;
		});
	}

	private Object recorded(Class<?> type, String sql, Statement statement) {
		return proxy(type, (method, arguments) -> {
			if (method.getName().startsWith("execute") || method.getName().equals("addBatch")) {
				// PostgreSQL's driver writes its values; the pool's wrapper begins with
				// itself.
				this.statements.putIfAbsent(sql, statement.toString().replaceFirst("(?s)^.* wrapping ", ""));
			}
			return invoke(statement, method, arguments);
		});
	}

	private static <T> T proxy(Class<T> type, Call call) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> call.call(method, arguments)));
	}

	private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	@FunctionalInterface
	private interface Call {

		Object call(Method method, Object[] arguments) throws Throwable;

	}

}

package io.github.twiliospring.messaging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.slf4j.LoggerFactory;

/**
 * Keeps what gets into the log where everything is logged at TRACE but for what the
 * starter keeps at INFO, into spans and meters, and into the texts of values and
 * failures.
 */
final class Printed implements AutoCloseable {

	private static final Logger ROOT = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

	private static final Logger REQUESTS = (Logger) LoggerFactory
		.getLogger("reactor.netty.http.client.HttpClientConnect");

	private final Queue<String> lines = new ConcurrentLinkedQueue<>();

	private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			Printed.this.lines.add(event.getLoggerName() + ": " + event.getFormattedMessage()
					+ ThrowableProxyUtil.asString(event.getThrowableProxy()));
		}

	};

	private final Level level = ROOT.getLevel();

	private final List<Appender<ILoggingEvent>> others = new ArrayList<>();

	Printed() {
		ROOT.iteratorForAppenders().forEachRemaining(this.others::add);
		// Thousands of lines that nobody reads.
		this.others.forEach(ROOT::detachAppender);
		this.appender.start();
		ROOT.addAppender(this.appender);
		ROOT.setLevel(Level.TRACE);
		// The starter's default. What a developer switches on is his.
		REQUESTS.setLevel(Level.INFO);
	}

	Collection<String> lines() {
		return this.lines;
	}

	void value(Object value) {
		this.lines.add(value.toString());
	}

	/**
	 * Prints a failure with all its causes and what was suppressed.
	 */
	void failure(Throwable failure) {
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		this.lines.add(trace.toString());
	}

	/**
	 * A registry whose observations are printed as a tracer would: name, keys and errors.
	 */
	ObservationRegistry observed() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

			@Override
			public void onError(Observation.Context context) {
				failure(context.getError());
			}

			@Override
			public void onStop(Observation.Context context) {
				value(context.getName() + " " + context.getContextualName() + " " + context.getAllKeyValues());
			}

		});
		return registry;
	}

	@Override
	public void close() {
		ROOT.setLevel(this.level);
		REQUESTS.setLevel(null);
		ROOT.detachAppender(this.appender);
		this.others.forEach(ROOT::addAppender);
	}

}

package io.github.twiliospring.messaging.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import java.util.function.Supplier;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * How an outbox is doing, for metrics, health checks and operators. Asking costs next to
 * nothing: the database is read every ten seconds at most, and only if somebody asks.
 * Thread-safe.
 */
public final class OutboxMonitor {

	private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);

	private static final Duration STATUS_PATIENCE = Duration.ofSeconds(1);

	private static final Log logger = LogFactory.getLog(OutboxMonitor.class);

	private static final long LINE_INTERVAL = Duration.ofMinutes(1).toNanos();

	// What holds every entry up, by its problem. Of a 429 only the pace is wrong.
	private static final Map<String, String> OBSTACLES = Map.of(Answer.UNAUTHORIZED,
			"The API refused the credentials (HTTP 401), and entries of the outbox wait until they're right: check the"
					+ " account SID, and the auth token or the API key and its secret",
			Answer.NOT_REACHED, "The API wasn't reached, and entries of the outbox wait until it is");

	private final StatusCache status;

	private final long patience;

	private final LongSupplier nanoTime;

	private final Map<String, LongAdder> sends = Answer.OUTCOMES.stream()
		.collect(Collectors.toUnmodifiableMap(Function.identity(), (outcome) -> new LongAdder()));

	// When it was polled last, or null where it's not to be.
	private volatile @Nullable Long polled;

	// What was said to hold entries up, until one is sent.
	private volatile @Nullable String obstacle;

	private @Nullable Long said;

	/**
	 * The monitor of an outbox.
	 * @param dataSource the database
	 * @param clock what decides how late an entry is
	 * @param pace how often it's polled
	 */
	static OutboxMonitor of(DataSource dataSource, Supplier<Dialect> dialect, OutboxClock clock, Relay.Pace pace) {
		StatusReader reader = new StatusReader(dataSource, dialect, clock, OutboxStatus.MOST_COUNTED);
		return new OutboxMonitor(new StatusCache(reader::read, STATUS_INTERVAL, STATUS_PATIENCE, System::nanoTime),
				pace.longestSilence(), System::nanoTime);
	}

	/**
	 * Makes a monitor.
	 * @param status what the database says
	 * @param patience after how long without a poll the relay is dead
	 * @param nanoTime what measures it
	 */
	OutboxMonitor(StatusCache status, Duration patience, LongSupplier nanoTime) {
		this.status = status;
		this.patience = patience.toNanos();
		this.nanoTime = nanoTime;
	}

	/**
	 * Whether this instance is to look for due entries: between the outbox's start and
	 * stop.
	 * @return whether it was started
	 */
	public boolean isStarted() {
		return this.polled != null;
	}

	/**
	 * Whether this instance looks for due entries: it was started, and the database has
	 * answered its last polls. One that doesn't for as long as it takes another to take
	 * its entries over is dead.
	 * @return {@code false} where it isn't running, or is dead
	 */
	public boolean isRelaying() {
		Long last = this.polled;
		return last != null && this.nanoTime.getAsLong() - last < this.patience;
	}

	/**
	 * How many entries there are, and how late the oldest is. Waits for a second at most.
	 * @return the status, at most ten seconds old, or thirty where the database is slow;
	 * {@code null} where it doesn't answer
	 */
	public @Nullable OutboxStatus status() {
		return this.status.get();
	}

	// Has as long for its first poll as for any other.
	void started() {
		this.polled = this.nanoTime.getAsLong();
	}

	void stopped() {
		this.polled = null;
	}

	void polled() {
		if (this.polled != null) {
			this.polled = this.nanoTime.getAsLong();
		}
	}

	void answered(Answer answer) {
		sends(answer.outcome()).increment();
		if (answer instanceof Answer.Sent) {
			this.obstacle = null;
		}
		else if (answer instanceof Answer.NotSent notSent) {
			say(OBSTACLES.get(notSent.problem()));
		}
	}

	// Once, and once a minute at most where sends fail and succeed in turn.
	private synchronized void say(@Nullable String found) {
		Long last = this.said;
		long now = this.nanoTime.getAsLong();
		if (found != null && !found.equals(this.obstacle) && (last == null || now - last >= LINE_INTERVAL)) {
			this.obstacle = found;
			this.said = now;
			logger.warn(found);
		}
	}

	static List<String> outcomes() {
		return Answer.OUTCOMES;
	}

	/**
	 * How many attempts of this instance had an outcome.
	 */
	LongAdder sends(String outcome) {
		LongAdder count = this.sends.get(outcome);
		if (count == null) {
			throw new IllegalArgumentException("There's no such outcome");
		}
		return count;
	}

}

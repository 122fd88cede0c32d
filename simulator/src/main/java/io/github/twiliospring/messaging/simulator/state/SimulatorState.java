package io.github.twiliospring.messaging.simulator.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.engine.WorldState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a simulator keeps all that it knows over its restarts: read when it starts,
 * written when it's closed and, where something happened, about every second. For one
 * simulator; safe on any thread.
 */
public final class SimulatorState {

	private static final Logger logger = LoggerFactory.getLogger(SimulatorState.class);

	private static final long PERIOD_MILLIS = 1000;

	// A large state takes its time to be written, and nobody waits for it.
	private static final int SHARE_OF_TIME = 20;

	private final Path path;

	private boolean held;

	private @Nullable StateFile file;

	private @Nullable WorldState found;

	private @Nullable Timeline timeline;

	private @Nullable ScheduledExecutorService writer;

	private long written = -1;

	private long nextNanos;

	private SimulatorState(Path path) {
		this.path = path;
	}

	/**
	 * A state in a file.
	 * @param path the file, which is made, with its directory, where there's none
	 * @return the state, for one simulator
	 */
	public static SimulatorState in(Path path) {
		return new SimulatorState(path);
	}

	/**
	 * Leaves what was under way as it stands until {@link #resume()}, since whom it would
	 * call isn't there yet. What's new moves at once.
	 * @return this
	 */
	public SimulatorState held() {
		this.held = true;
		return this;
	}

	/**
	 * Goes on with what was under way when the state was written. Does nothing a second
	 * time.
	 */
	public synchronized void resume() {
		Timeline running = this.timeline;
		if (running != null && this.found != null) {
			running.run(World::resume);
			this.found = null;
		}
	}

	/**
	 * Reads the file.
	 * @return whether there was one
	 * @throws StateException if it can't be used; it's left as it is
	 */
	public synchronized boolean load() {
		StateFile opened = StateFile.open(this.path);
		try {
			this.found = opened.read();
			this.file = opened;
		}
		finally {
			if (this.file == null) {
				release(opened);
			}
		}
		return this.found != null;
	}

	/**
	 * The token that an account had.
	 * @param accountSid {@code AC…}
	 * @return the token, or {@code null} if it isn't known
	 */
	public synchronized @Nullable String authToken(String accountSid) {
		WorldState state = this.found;
		return (state != null) ? state.accounts()
			.stream()
			.filter((account) -> account.sid().equals(accountSid))
			.map(WorldState.OfAccount::authToken)
			.findFirst()
			.orElse(null) : null;
	}

	/**
	 * Puts what was read into a new world, in which nothing of it moves yet.
	 * @param world the world
	 */
	public synchronized void restore(World world) {
		WorldState state = this.found;
		if (state != null) {
			try {
				state.restore(world);
			}
			catch (RuntimeException ex) {
				// What's wrong may be a number or a text.
				throw new StateException("The state in " + this.path + " can't be used: it contradicts itself ("
						+ ex.getClass().getSimpleName()
						+ "). The file is left as it is; move it away, or name another one");
			}
		}
	}

	/**
	 * Goes on with what was under way, unless it's held, and keeps the file up to date
	 * from now on.
	 * @param running the way to the world
	 * @throws StateException if the file can't be written
	 */
	public synchronized void keep(Timeline running) {
		try {
			write(running);
		}
		catch (IOException | UncheckedIOException ex) {
			throw new StateException("The state can't be written to " + this.path + " (" + ex.getClass().getSimpleName()
					+ "); name a file that this program may write", ex);
		}
		this.timeline = running;
		if (!this.held) {
			resume();
		}
		ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "simulator-state");
			thread.setDaemon(true);
			return thread;
		});
		started.scheduleWithFixedDelay(this::writeIfDue, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
		this.writer = started;
	}

	/**
	 * Writes the state for the last time, and lets others have the file.
	 */
	public void close() {
		ScheduledExecutorService started = this.writer;
		if (started != null) {
			started.shutdown();
		}
		synchronized (this) {
			Timeline running = this.timeline;
			StateFile opened = this.file;
			if (running != null) {
				tryToWrite(running);
			}
			this.timeline = null;
			this.file = null;
			if (opened != null) {
				release(opened);
			}
		}
	}

	private synchronized void writeIfDue() {
		Timeline running = this.timeline;
		if (running != null && System.nanoTime() - this.nextNanos >= 0) {
			tryToWrite(running);
		}
	}

	private void tryToWrite(Timeline running) {
		try {
			write(running);
		}
		catch (IOException | RuntimeException ex) {
			logger.error("The state can't be written to {}", this.path, ex);
		}
	}

	private void write(Timeline running) throws IOException {
		StateFile opened = this.file;
		long start = System.nanoTime();
		// Copied inside of the world, and written outside.
		Copy copy = running.call((world) -> {
			long activity = running.activity();
			return (activity - 1 == this.written) ? new Copy(activity, null) : new Copy(activity, WorldState.of(world));
		});
		if (opened != null && copy.world() != null) {
			opened.write(copy.world());
			this.nextNanos = System.nanoTime() + SHARE_OF_TIME * (System.nanoTime() - start);
		}
		this.written = copy.activity();
	}

	private static void release(StateFile opened) {
		try {
			opened.close();
		}
		catch (IOException ex) {
			logger.debug("The lock of {} isn't released", opened, ex);
		}
	}

	/**
	 * What's to be written.
	 *
	 * @param activity what had happened by then, this look included
	 * @param world the state, or {@code null} if nothing else happened since the last one
	 */
	private record Copy(long activity, @Nullable WorldState world) {

	}

}

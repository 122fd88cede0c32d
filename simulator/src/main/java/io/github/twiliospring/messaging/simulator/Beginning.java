package io.github.twiliospring.messaging.simulator;

import java.nio.file.Path;

import io.github.twiliospring.messaging.simulator.control.ControlApi;
import io.github.twiliospring.messaging.simulator.control.Seed;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.state.SimulatorState;
import org.jspecify.annotations.Nullable;

/**
 * What a simulator begins with: the state that it was left in, else its seed.
 */
final class Beginning {

	private @Nullable SimulatorState state;

	private @Nullable Path seedFile;

	private @Nullable Seed seed;

	private boolean isNew = true;

	void state(SimulatorState kept) {
		this.state = kept;
	}

	void seed(Path file) {
		this.seedFile = file;
	}

	/** Reads the files, before anything else can fail: the token of an account. */
	@Nullable String load(String accountSid) {
		this.seed = (this.seedFile != null) ? Seed.read(this.seedFile) : null;
		if (this.state == null) {
			return null;
		}
		this.isNew = !this.state.load();
		return this.state.authToken(accountSid);
	}

	void apply(Timeline timeline, ControlApi control) {
		if (this.state != null) {
			timeline.run(this.state::restore);
		}
		if (this.seed != null) {
			Seed planted = this.seed;
			if (this.isNew) {
				planted.plant(control);
			}
			timeline.run((world) -> world.listen(planted.again(control)));
		}
	}

	void keep(Timeline timeline) {
		if (this.state != null) {
			this.state.keep(timeline);
		}
	}

	void close() {
		if (this.state != null) {
			this.state.close();
		}
	}

}

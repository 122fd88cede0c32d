package io.github.twiliospring.messaging.simulator.standalone;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Random;

import io.github.twiliospring.messaging.simulator.api.ApiGateway;
import io.github.twiliospring.messaging.simulator.engine.EngineSettings;
import io.github.twiliospring.messaging.simulator.engine.EngineSettings.Limits;
import io.github.twiliospring.messaging.simulator.engine.EngineSettings.Manners;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;
import io.github.twiliospring.messaging.simulator.network.Delays;
import io.github.twiliospring.messaging.simulator.network.Directory;

/**
 * Creates a message in a world that's thrown away, beside the start of the server: a core
 * loads what the first create needs while the other one loads what listening needs, and
 * an archive of classes that's written at the end has both.
 */
final class WarmUp {

	private static final String ACCOUNT = "AC00000000000000000000000000000000";

	private WarmUp() {
	}

	static void start() {
		Thread thread = new Thread(WarmUp::create, "simulator-warm-up");
		thread.setDaemon(true);
		thread.start();
	}

	/** The answer to the create, for a test. */
	static Response create() {
		EngineSettings settings = new EngineSettings(Delays.DEFAULT, Limits.DEFAULT,
				new Manners(false, true, true, Duration.ZERO), new Random(1), 1, new Directory(null));
		String credentials = Base64.getEncoder().encodeToString((ACCOUNT + ":-").getBytes(StandardCharsets.UTF_8));
		try (Timeline timeline = Timeline.start(Instant.EPOCH, settings, (request, timeout, whenDone) -> {
		}, () -> "")) {
			return new ApiGateway(timeline, "-")
				.apply(new Request("POST", "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json", "",
						Map.of("authorization", "Basic " + credentials, "content-type",
								"application/x-www-form-urlencoded"),
						"To=%2B15558675310&From=%2B15017122661&Body=-", false));
		}
	}

}

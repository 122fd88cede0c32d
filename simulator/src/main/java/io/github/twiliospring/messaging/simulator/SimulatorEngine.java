package io.github.twiliospring.messaging.simulator;

import java.time.Duration;

import io.github.twiliospring.messaging.simulator.api.MessageApi;
import io.github.twiliospring.messaging.simulator.callback.CallbackDispatcher;
import io.github.twiliospring.messaging.simulator.callback.CallbackLog;
import io.github.twiliospring.messaging.simulator.callback.WebhookClient;
import io.github.twiliospring.messaging.simulator.engine.EngineSettings;
import io.github.twiliospring.messaging.simulator.engine.MessageLife;
import io.github.twiliospring.messaging.simulator.engine.Network;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;
import reactor.netty.resources.LoopResources;

/**
 * The parts of a simulator and how they fit together.
 */
final class SimulatorEngine implements AutoCloseable {

	private static final int THREADS = 2;

	private final Timeline timeline;

	private final Network network;

	private final MessageLife life;

	private final CallbackLog callbackLog;

	private final CallbackDispatcher dispatcher;

	private final LoopResources loops = LoopResources.create("simulator", THREADS, true);

	private final WebhookClient webhookClient = new WebhookClient(this.loops);

	private final MessageApi api;

	SimulatorEngine(Timeline timeline, EngineSettings settings, Duration retryPause, String defaultToken) {
		this.timeline = timeline;
		this.network = new Network(timeline, settings);
		this.life = new MessageLife(this.network);
		this.callbackLog = new CallbackLog(3 * settings.historyLimit());
		this.dispatcher = new CallbackDispatcher(this.network, this.callbackLog, this.webhookClient, retryPause);
		this.network.listen(this.dispatcher);
		this.api = new MessageApi(this.network, this.life, defaultToken);
	}

	Timeline timeline() {
		return this.timeline;
	}

	Network network() {
		return this.network;
	}

	MessageLife life() {
		return this.life;
	}

	CallbackLog callbackLog() {
		return this.callbackLog;
	}

	CallbackDispatcher dispatcher() {
		return this.dispatcher;
	}

	LoopResources loops() {
		return this.loops;
	}

	Response serve(Request request) {
		if (MessageApi.serves(request.path())) {
			return this.api.apply(request);
		}
		return Response.text(404, "Nothing here: " + request.path());
	}

	void reset() {
		this.timeline.run(() -> {
			this.network.reset();
			this.dispatcher.reset();
		});
	}

	@Override
	public void close() {
		this.timeline.close();
		this.webhookClient.close();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(3)).block(Duration.ofSeconds(5));
	}

}

package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.simulator.api.ApiGateway;
import io.github.twiliospring.messaging.simulator.api.MessageApi;
import io.github.twiliospring.messaging.simulator.callback.CallbackDispatcher;
import io.github.twiliospring.messaging.simulator.callback.CallbackLog;
import io.github.twiliospring.messaging.simulator.callback.WebhookClient;
import io.github.twiliospring.messaging.simulator.control.ControlApi;
import io.github.twiliospring.messaging.simulator.control.EventStream;
import io.github.twiliospring.messaging.simulator.control.Simulation;
import io.github.twiliospring.messaging.simulator.engine.EngineSettings;
import io.github.twiliospring.messaging.simulator.engine.MessageLife;
import io.github.twiliospring.messaging.simulator.engine.Network;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.fault.Faults;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.RequestLog;
import io.github.twiliospring.messaging.simulator.http.Response;
import io.github.twiliospring.messaging.simulator.inbound.InboundService;
import io.github.twiliospring.messaging.simulator.page.PageFiles;
import reactor.netty.resources.LoopResources;

/**
 * The parts of a simulator and how they fit together.
 */
final class SimulatorEngine implements AutoCloseable {

	private static final int THREADS = 2;

	private static final int CALLBACKS_PER_MESSAGE = 3;

	private final LoopResources loops = LoopResources.create("simulator", THREADS, true);

	private final WebhookClient webhookClient = new WebhookClient(this.loops);

	private final PageFiles page = new PageFiles();

	private final Simulation simulation;

	private final InboundService inbound;

	private final ApiGateway api;

	private final ControlApi control;

	SimulatorEngine(TwilioSimulatorBuilder builder, Supplier<String> baseUrl) {
		Timeline timeline = builder.timeline();
		EngineSettings settings = builder.settings();
		String accountSid = builder.accountSid();
		String authToken = builder.authToken();
		Network network = new Network(timeline, settings);
		MessageLife life = new MessageLife(network);
		Faults faults = new Faults(network.sids()::fraction);
		CallbackLog callbackLog = new CallbackLog(
				(int) Math.min((long) CALLBACKS_PER_MESSAGE * settings.historyLimit(), Integer.MAX_VALUE));
		CallbackDispatcher dispatcher = new CallbackDispatcher(network, callbackLog, faults, this.webhookClient,
				builder.callbackRetryPause());
		RequestLog requestLog = new RequestLog(settings.historyLimit());
		EventStream events = new EventStream();
		this.simulation = new Simulation(network, faults, dispatcher, callbackLog, requestLog, events);
		this.inbound = new InboundService(network, life, dispatcher, baseUrl);
		this.api = new ApiGateway(timeline, new MessageApi(network, life, authToken), faults, requestLog);
		this.control = new ControlApi(this.simulation, this.inbound, accountSid);
		network.listen(dispatcher);
		this.simulation.publishChanges(this.api);
		timeline.run(() -> network.open(accountSid, authToken));
	}

	Simulation simulation() {
		return this.simulation;
	}

	InboundService inbound() {
		return this.inbound;
	}

	LoopResources loops() {
		return this.loops;
	}

	Response serve(Request request) {
		if (MessageApi.serves(request.path())) {
			return this.api.apply(request);
		}
		if (ControlApi.serves(request.path())) {
			return this.control.apply(request);
		}
		return this.page.apply(request);
	}

	@Override
	public void close() {
		this.simulation.timeline().close();
		// A connection that won't end must not fail the test that closes its simulator.
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(3))
			.timeout(Duration.ofSeconds(5))
			.onErrorComplete()
			.block();
	}

}

package io.github.twiliospring.messaging.simulator;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.simulator.api.ApiGateway;
import io.github.twiliospring.messaging.simulator.callback.WebhookClient;
import io.github.twiliospring.messaging.simulator.control.ActivityLog;
import io.github.twiliospring.messaging.simulator.control.ControlApi;
import io.github.twiliospring.messaging.simulator.control.EventStream;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.http.AccessRules;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;
import io.github.twiliospring.messaging.simulator.page.LinkRedirects;
import io.github.twiliospring.messaging.simulator.page.PageFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.resources.LoopResources;

/**
 * The parts of a simulator and how they fit together.
 */
final class SimulatorEngine implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SimulatorEngine.class);

	private static final int THREADS = 2;

	private final LoopResources loops = LoopResources.create("simulator", THREADS, true);

	private final PageFiles page = new PageFiles();

	private final Timeline timeline;

	private final EventStream events;

	private final AccessRules access;

	private final ApiGateway api;

	private final ControlApi control;

	private final Beginning beginning;

	private final WebhookClient webhooks = new WebhookClient(this.loops);

	private final LinkRedirects links;

	SimulatorEngine(TwilioSimulatorBuilder builder, Supplier<String> baseUrl) {
		String accountSid = builder.accountSid();
		String authToken = builder.authToken();
		this.timeline = Timeline.start(builder.manualStart(), builder.settings(), this.webhooks, baseUrl);
		this.events = new EventStream(this.timeline.isManual(), builder.listeners().heartbeat());
		this.access = new AccessRules(builder.listeners().allowedHosts());
		this.api = new ApiGateway(this.timeline, authToken);
		this.control = new ControlApi(this.timeline, this.events, accountSid);
		this.links = new LinkRedirects(this.timeline);
		this.beginning = builder.beginning();
		this.timeline.run((world) -> {
			world.listen(new ActivityLog());
			world.listen(this.events);
			world.open(accountSid, authToken);
		});
		try {
			this.beginning.apply(this.timeline, this.control);
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/** Once the simulator listens: what it keeps would otherwise replace another's. */
	void keep() {
		this.beginning.keep(this.timeline);
	}

	Timeline timeline() {
		return this.timeline;
	}

	LoopResources loops() {
		return this.loops;
	}

	/** Where every request comes in, if it may. */
	Response serve(Request incoming) {
		// Whatever can be read can be asked for its headers alone, but a link counts.
		Request request = LinkRedirects.serves(incoming) ? incoming : incoming.reading();
		boolean isApi = ApiGateway.serves(request.path());
		boolean isControl = ControlApi.serves(request.path());
		String refusal = this.access.foreignHost(request);
		if (refusal == null && (isApi || isControl)) {
			refusal = AccessRules.foreignPage(request);
		}
		if (refusal != null) {
			logger.warn("{} {} is refused: {}", request.method(), request.path(), refusal);
		}
		if (isApi) {
			return (refusal != null) ? this.api.refuse(request, refusal) : this.api.apply(request);
		}
		if (isControl) {
			return (refusal != null) ? ControlApi.refuse(refusal) : this.control.apply(request);
		}
		if (refusal != null) {
			return Response.text(403, refusal);
		}
		return LinkRedirects.serves(request) ? this.links.apply(request) : this.page.apply(request);
	}

	void closeEvents() {
		this.events.close();
	}

	@Override
	public void close() {
		this.beginning.close();
		this.webhooks.close();
		this.timeline.close();
		// A connection that won't end must not fail the test that closes its simulator.
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(3))
			.timeout(Duration.ofSeconds(5))
			.onErrorComplete()
			.block();
	}

}

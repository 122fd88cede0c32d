package io.github.twiliospring.messaging.simulator;

import java.time.Instant;

import io.github.twiliospring.messaging.simulator.junit.TwilioSimulatorExtension;
import io.github.twiliospring.messaging.testsupport.Browser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The simulator's page in a browser, and an application. Each test has a simulator of its
 * own.
 */
abstract class SimulatorPage {

	static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

	static final String PHONE = "#phones [data-phone='" + ApiClient.TO + "']";

	@RegisterExtension
	static final Browser browser = new Browser();

	@RegisterExtension
	final TwilioSimulatorExtension extension = new TwilioSimulatorExtension(this::configure);

	final CallbackReceiver receiver = new CallbackReceiver();

	TwilioSimulator simulator;

	ApiClient api;

	TwilioSimulatorBuilder configure(TwilioSimulatorBuilder builder) {
		return builder.manualClock(START).seed(21).historyLimit(10_000);
	}

	@BeforeEach
	void start(TwilioSimulator simulator) {
		this.simulator = simulator;
		this.api = new ApiClient(simulator);
		browser.resize(1400, 900);
	}

	@AfterEach
	void stop() {
		browser.closeTabs();
		this.receiver.close();
	}

	void open() {
		browser.open(this.simulator.baseUrl().toString());
		browser.see(".connection.live");
	}

}

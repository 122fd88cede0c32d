package io.github.twiliospring.messaging.simulator.boot;

import java.net.URI;
import java.time.Clock;
import java.util.List;

import io.github.twiliospring.messaging.autoconfigure.TwilioConnectionDetails;
import io.github.twiliospring.messaging.simulator.TwilioSimulator;

/**
 * Points the starter at a simulator.
 */
final class SimulatorConnectionDetails implements TwilioConnectionDetails {

	private final TwilioSimulator simulator;

	SimulatorConnectionDetails(TwilioSimulator simulator) {
		this.simulator = simulator;
	}

	@Override
	public URI getBaseUrl() {
		return this.simulator.baseUrl();
	}

	@Override
	public String getAccountSid() {
		return this.simulator.accountSid();
	}

	@Override
	public String getUsername() {
		return this.simulator.accountSid();
	}

	@Override
	public String getPassword() {
		return this.simulator.authToken();
	}

	@Override
	public List<String> getAuthTokens() {
		return List.of(this.simulator.authToken());
	}

	@Override
	public Clock getClock() {
		return this.simulator.clock();
	}

	@Override
	public boolean isLocal() {
		return true;
	}

}

package io.github.twiliospring.messaging.simulator.control;

import java.time.Duration;
import java.time.Instant;

import io.github.twiliospring.messaging.simulator.api.ApiGateway;
import io.github.twiliospring.messaging.simulator.api.Json;
import io.github.twiliospring.messaging.simulator.callback.CallbackDispatcher;
import io.github.twiliospring.messaging.simulator.callback.CallbackLog;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.Network;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.fault.Faults;
import io.github.twiliospring.messaging.simulator.http.RequestLog;

/**
 * All of a simulator's state, and what concerns more than one part of it: moving the
 * clock, and starting anew. Safe on any thread.
 *
 * @param network accounts and messages
 * @param faults what goes wrong on demand
 * @param dispatcher what calls webhooks
 * @param callbackLog the callbacks
 * @param requestLog the calls of the API
 * @param events what's told to the page
 */
public record Simulation(Network network, Faults faults, CallbackDispatcher dispatcher, CallbackLog callbackLog,
		RequestLog requestLog, EventStream events) {

	/**
	 * The clock and lock.
	 * @return the timeline
	 */
	public Timeline timeline() {
		return this.network.timeline();
	}

	/**
	 * Tells the event stream and the log of everything that happens from now on.
	 * @param api where calls come in
	 */
	public void publishChanges(ApiGateway api) {
		this.network.listen((message, initial) -> {
			ActivityLog.message(message);
			this.events.publish("message", () -> ControlJson.message(message));
		});
		this.dispatcher.listen((callback) -> {
			ActivityLog.callback(callback);
			this.events.publish("callback", () -> ControlJson.callback(callback));
		});
		api.listen((entry) -> {
			ActivityLog.request(entry);
			this.events.publish("request", () -> ControlJson.request(entry));
		});
	}

	/**
	 * Moves the clock forward and runs what falls due on the way.
	 * @param duration not negative
	 */
	public void advance(Duration duration) {
		timeline().advance(duration);
		publishClock();
	}

	/**
	 * Moves the clock forward to an instant and runs what falls due on the way.
	 * @param instant not before now
	 */
	public void advanceTo(Instant instant) {
		timeline().advanceTo(instant);
		publishClock();
	}

	/**
	 * Forgets messages, callbacks, requests, rules, faults, opt-outs and what was
	 * configured since the start; accounts and the clock stay.
	 */
	public void reset() {
		timeline().run(() -> {
			this.network.reset();
			this.dispatcher.reset();
			this.requestLog.clear();
			this.faults.clear();
			this.events.publish("reset", Json::object);
		});
	}

	/**
	 * Forgets one account's messages, callbacks, requests, opt-outs and configuration,
	 * and the rules and faults that keep to it.
	 * @param accountSid {@code AC…}
	 */
	public void reset(String accountSid) {
		timeline().run(() -> {
			Account account = this.network.account(accountSid);
			if (account != null) {
				this.network.reset(account);
				this.dispatcher.reset(account);
				this.requestLog.clear("/" + accountSid);
				this.faults.clear(accountSid);
				this.events.publish("reset", () -> Json.object().put("account_sid", accountSid));
			}
		});
	}

	private void publishClock() {
		timeline().run(() -> this.events.publish("clock",
				() -> Json.object().put("now", timeline().now().toString()).put("manual", timeline().isManual())));
	}

}

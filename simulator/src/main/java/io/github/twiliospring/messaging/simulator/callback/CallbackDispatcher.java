package io.github.twiliospring.messaging.simulator.callback;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.Network;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.fault.CallbackFault;
import io.github.twiliospring.messaging.simulator.fault.Faults;

/**
 * Reports what happens to the application: which changes, with what parameters, signed,
 * and with what going wrong on demand. Methods are to be called under the timeline's
 * lock.
 */
public final class CallbackDispatcher implements Network.MessageListener {

	// A callback that nothing overtakes must not wait for ever.
	private static final Duration LONGEST_HOLD = Duration.ofSeconds(5);

	private final Network network;

	private final Timeline timeline;

	private final CallbackLog log;

	private final Faults faults;

	private final CallbackSender sender;

	private final Map<String, Callback> held = new HashMap<>();

	private Consumer<Callback> listener = (callback) -> {
	};

	/**
	 * A dispatcher.
	 * @param network where messages change
	 * @param log where callbacks are kept
	 * @param faults what goes wrong on demand
	 * @param client what posts them
	 * @param retryPause how long to wait between two attempts, on the simulator's clock
	 */
	public CallbackDispatcher(Network network, CallbackLog log, Faults faults, WebhookClient client,
			Duration retryPause) {
		this.network = network;
		this.timeline = network.timeline();
		this.log = log;
		this.faults = faults;
		this.sender = new CallbackSender(this.timeline, client, retryPause,
				(callback) -> this.listener.accept(callback));
	}

	/**
	 * Has someone told of every change of a callback, under the lock.
	 * @param next short, never blocking
	 */
	public void listen(Consumer<Callback> next) {
		this.listener = this.listener.andThen(next);
	}

	/**
	 * Whether nothing is under way.
	 * @return {@code true} if every callback that's due by now has been answered or given
	 * up
	 */
	public boolean isIdle() {
		return this.sender.isIdle();
	}

	@Override
	public void changed(StoredMessage message, boolean initial) {
		String url = message.draft().reporting().statusCallback();
		if (!initial && url != null && message.direction() != MessageDirection.INBOUND && isReported(message)) {
			dispatch(message, "POST", url, CallbackParameters.ofStatus(message, this.timeline.now()), (callback) -> {
			});
		}
	}

	/**
	 * Calls a webhook.
	 * @param message the message that it's about
	 * @param method {@code POST}, or {@code GET} with the form in the query
	 * @param url where to, with retry rules in its fragment
	 * @param parameters the form
	 * @param whenDone told of the callback once it's answered or given up
	 */
	public void dispatch(StoredMessage message, String method, String url, Map<String, String> parameters,
			Consumer<Callback> whenDone) {
		boolean get = "GET".equals(method);
		CallbackUrl target = get ? CallbackUrl.parse(url).with(parameters) : CallbackUrl.parse(url);
		String id = this.network.sids().uuid().toString();
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(RequestSigner.SIGNATURE_HEADER,
				sign(message.account(), target.address(), get ? Map.of() : parameters));
		headers.put("I-Twilio-Idempotency-Token", id);
		headers.put("User-Agent", "TwilioProxy/1.1");
		headers.put("Accept", "*/*");
		Callback callback = new Callback(id, message, method, target, parameters, headers, this.timeline.now());
		this.log.add(callback);
		CallbackFault fault = this.faults.strikeCallback(message.account().sid());
		if (fault == null) {
			send(callback, whenDone);
		}
		else {
			disturb(callback, fault, whenDone);
		}
	}

	/**
	 * Sends a callback once more, as it was.
	 * @param callback one that isn't under way
	 * @throws IllegalStateException if it is
	 */
	public void replay(Callback callback) {
		if (callback.state() == Callback.State.PENDING) {
			throw new IllegalStateException("The callback is still under way");
		}
		this.held.values().remove(callback);
		send(callback, (done) -> {
		});
	}

	/**
	 * Forgets all callbacks; what's under way isn't repeated.
	 */
	public void reset() {
		this.log.clear();
		this.held.clear();
		this.sender.reset();
	}

	/**
	 * Forgets one account's callbacks; what's under way isn't repeated.
	 * @param account the account
	 */
	public void reset(Account account) {
		this.held.values().removeIf((callback) -> callback.message().account() == account);
		for (Callback callback : this.log.remove(account)) {
			this.sender.drop(callback);
		}
	}

	private void send(Callback callback, Consumer<Callback> whenDone) {
		this.sender.send(callback, () -> {
			whenDone.accept(callback);
			Callback overtaken = this.held.remove(callback.message().sid());
			if (overtaken != null) {
				send(overtaken, (done) -> {
				});
			}
		});
	}

	private void disturb(Callback callback, CallbackFault fault, Consumer<Callback> whenDone) {
		switch (fault.kind()) {
			case DELAY -> hold(callback, fault.delay(), whenDone);
			case DUPLICATE -> send(callback, (done) -> {
				whenDone.accept(done);
				replay(done);
			});
			case REORDER -> {
				this.held.put(callback.message().sid(), callback);
				hold(callback, LONGEST_HOLD, whenDone);
			}
			case DROP -> callback.setState(Callback.State.FAILED);
		}
		this.listener.accept(callback);
	}

	private void hold(Callback callback, Duration delay, Consumer<Callback> whenDone) {
		callback.setState(Callback.State.DELAYED);
		this.timeline.at(this.timeline.now().plus(delay), () -> {
			if (callback.state() == Callback.State.DELAYED && callback.attempts().isEmpty()) {
				this.held.remove(callback.message().sid(), callback);
				send(callback, whenDone);
			}
		});
	}

	private static boolean isReported(StoredMessage message) {
		MessageStatus status = message.status();
		if (message.draft().reporting().ofApplication()) {
			return status == MessageStatus.SENT || status == MessageStatus.FAILED;
		}
		return status != MessageStatus.SENDING && status != MessageStatus.ACCEPTED && status != MessageStatus.SCHEDULED;
	}

	private static String sign(Account account, String url, Map<String, String> parameters) {
		Map<String, List<String>> signed = new TreeMap<>();
		parameters.forEach((name, value) -> signed.put(name, List.of(value)));
		return new RequestSigner(account.authToken()).sign(url, signed);
	}

}

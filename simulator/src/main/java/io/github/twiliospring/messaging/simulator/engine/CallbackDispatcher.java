package io.github.twiliospring.messaging.simulator.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.simulator.fault.Fault;

/**
 * Reports what happens to the application: which changes, with what parameters, signed,
 * and with what going wrong on demand.
 */
public final class CallbackDispatcher {

	// A callback that nothing overtakes must not wait for ever.
	private static final Duration LONGEST_HOLD = Duration.ofSeconds(5);

	private final World world;

	private final CallbackSender sender;

	private final Map<String, Callback> held = new HashMap<>();

	CallbackDispatcher(World world, Webhooks webhooks) {
		this.world = world;
		this.sender = new CallbackSender(world, webhooks);
	}

	/**
	 * Whether nothing is under way.
	 * @return {@code true} if every callback that's due by now has been answered or given
	 * up
	 */
	public boolean isIdle() {
		return this.sender.isIdle();
	}

	void changed(StoredMessage message, boolean initial) {
		String url = message.draft().reporting().statusCallback();
		if (!initial && url != null && message.direction() != MessageDirection.INBOUND && isReported(message)) {
			dispatch(message, "POST", url, CallbackParameters.ofStatus(message, this.world.now()), (callback) -> {
			});
		}
	}

	/**
	 * Calls a webhook.
	 * @param method {@code POST}, or {@code GET} with the form in the query
	 * @param url where to, with retry rules in its fragment
	 * @param whenDone told of the callback once it's answered or given up
	 */
	void dispatch(StoredMessage message, String method, String url, Map<String, String> parameters,
			Consumer<Callback> whenDone) {
		boolean get = "GET".equals(method);
		CallbackUrl target = get ? CallbackUrl.parse(url).with(parameters) : CallbackUrl.parse(url);
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(RequestSigner.SIGNATURE_HEADER,
				sign(message.account(), target.address(), get ? Map.of() : parameters));
		dispatch(message, new WebhookRequest(method, target, parameters, headers), whenDone);
	}

	/**
	 * Reports an event as JSON, whose hash is in the query and signed with it.
	 * @param url where to, with retry rules in its fragment
	 */
	void dispatchEvent(StoredMessage message, String url, Map<String, String> event) {
		CallbackUrl target = CallbackUrl.parse(url).with(Map.of("bodySHA256", sha256(JsonText.of(event))));
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Content-Type", WebhookRequest.JSON);
		headers.put(RequestSigner.SIGNATURE_HEADER, sign(message.account(), target.address(), Map.of()));
		dispatch(message, new WebhookRequest("POST", target, event, headers), (callback) -> {
		});
	}

	private void dispatch(StoredMessage message, WebhookRequest signed, Consumer<Callback> whenDone) {
		String id = this.world.sids().uuid().toString();
		Map<String, String> headers = new LinkedHashMap<>(signed.headers());
		headers.put("I-Twilio-Idempotency-Token", id);
		headers.put("User-Agent", "TwilioProxy/1.1");
		headers.put("Accept", "*/*");
		Callback callback = new Callback(id, message,
				new WebhookRequest(signed.method(), signed.url(), signed.parameters(), headers), this.world.now());
		this.world.callbackLog().add(callback);
		String accountSid = message.account().sid();
		Fault fault = this.world.faults()
			.take((candidate) -> candidate.target() == Fault.Target.CALLBACKS
					&& (candidate.scope().accountSid() == null || accountSid.equals(candidate.scope().accountSid())));
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

	/** Sends what was under way, or held back, when the world was left. */
	void resume() {
		for (Callback callback : List.copyOf(this.world.callbackLog().all())) {
			if (callback.state() == Callback.State.PENDING || callback.state() == Callback.State.DELAYED) {
				send(callback, callback.isInbound() ? this.world.inbound()::answered : (done) -> {
				});
			}
		}
	}

	/** Forgets all callbacks; what's under way isn't repeated. */
	void reset() {
		this.world.callbackLog().clear();
		this.held.clear();
		this.sender.reset();
	}

	void reset(Account account) {
		this.held.values().removeIf((callback) -> callback.message().account() == account);
		List<Callback> dropped = new ArrayList<>(this.world.callbackLog().remove(account));
		// The latest first: one that has begun would make room for one that waits.
		Collections.reverse(dropped);
		dropped.forEach(this.sender::drop);
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

	private void disturb(Callback callback, Fault fault, Consumer<Callback> whenDone) {
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
			// Nothing else happens to a callback.
			default -> callback.setState(Callback.State.FAILED);
		}
		this.world.changed(callback);
	}

	private void hold(Callback callback, Duration delay, Consumer<Callback> whenDone) {
		callback.setState(Callback.State.DELAYED);
		this.world.schedule().at(this.world.now().plus(delay), () -> {
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

	private static String sha256(String body) {
		try {
			byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java has SHA-256", ex);
		}
	}

	private static String sign(Account account, String url, Map<String, String> parameters) {
		Map<String, List<String>> signed = new TreeMap<>();
		parameters.forEach((name, value) -> signed.put(name, List.of(value)));
		return new RequestSigner(account.authToken()).sign(url, signed);
	}

}

package io.github.twiliospring.messaging.simulator.callback;

import java.time.Duration;
import java.time.Instant;
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

/**
 * Reports status changes to the application: which of them, with what parameters, signed,
 * and repeated by the rules of the URL's fragment. The network's own timeouts run in real
 * time, since the application answers in real time; the pause between two attempts runs
 * on the simulator's clock. Methods are to be called under the timeline's lock.
 */
public final class CallbackDispatcher implements Network.MessageListener {

	private final Network network;

	private final Timeline timeline;

	private final CallbackLog log;

	private final WebhookClient client;

	private final Duration retryPause;

	private Consumer<Callback> listener = (callback) -> {
	};

	private int underWay;

	/**
	 * A dispatcher.
	 * @param network where messages change
	 * @param log where callbacks are kept
	 * @param client what posts them
	 * @param retryPause how long to wait between two attempts, on the simulator's clock
	 */
	public CallbackDispatcher(Network network, CallbackLog log, WebhookClient client, Duration retryPause) {
		this.network = network;
		this.timeline = network.timeline();
		this.log = log;
		this.client = client;
		this.retryPause = retryPause;
	}

	/**
	 * Has someone told of every change of a callback, under the lock.
	 * @param listener short, never blocking
	 */
	public void listen(Consumer<Callback> listener) {
		this.listener = this.listener.andThen(listener);
	}

	/**
	 * Whether nothing is under way.
	 * @return {@code true} if every callback that's due by now has been answered or given
	 * up
	 */
	public boolean isIdle() {
		return this.underWay == 0;
	}

	@Override
	public void changed(StoredMessage message, boolean initial) {
		String url = message.draft().reporting().statusCallback();
		if (!initial && url != null && message.direction() != MessageDirection.INBOUND && isReported(message)) {
			dispatch(message, url, parametersOf(message));
		}
	}

	/**
	 * Forgets all callbacks; what's under way isn't repeated.
	 */
	public void reset() {
		this.log.clear();
		this.underWay = 0;
	}

	private static boolean isReported(StoredMessage message) {
		MessageStatus status = message.status();
		if (message.draft().reporting().ofApplication()) {
			return status == MessageStatus.SENT || status == MessageStatus.FAILED;
		}
		return status != MessageStatus.SENDING && status != MessageStatus.ACCEPTED && status != MessageStatus.SCHEDULED;
	}

	private void dispatch(StoredMessage message, String url, Map<String, String> parameters) {
		Account account = message.account();
		CallbackUrl target = CallbackUrl.parse(url);
		String id = this.network.sids().uuid().toString();
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(RequestSigner.SIGNATURE_HEADER, sign(account, target.address(), parameters));
		headers.put("I-Twilio-Idempotency-Token", id);
		headers.put("User-Agent", "TwilioProxy/1.1");
		headers.put("Accept", "*/*");
		Callback callback = new Callback(id, message, target, parameters, headers, this.timeline.now());
		this.log.add(callback);
		this.underWay++;
		attempt(callback, 1, Duration.ZERO);
	}

	private void attempt(Callback callback, int number, Duration spent) {
		Instant at = this.timeline.now();
		CallbackUrl url = callback.url();
		Duration left = url.totalTimeout().minus(spent);
		Duration readTimeout = (left.compareTo(url.readTimeout()) < 0) ? left : url.readTimeout();
		callback.setState(Callback.State.PENDING);
		this.listener.accept(callback);
		this.timeline.afterwards(() -> {
			long start = System.nanoTime();
			this.client
				.post(url.address(), callback.headers(), callback.parameters(), url.connectTimeout(), readTimeout)
				.subscribe((answer) -> {
					Duration took = Duration.ofNanos(System.nanoTime() - start);
					CallbackAttempt attempt = new CallbackAttempt(number, at, took, answer);
					this.timeline.run(() -> answered(callback, attempt, spent.plus(took)));
				});
		});
	}

	private void answered(Callback callback, CallbackAttempt attempt, Duration spent) {
		if (callback.state() == Callback.State.DROPPED) {
			return;
		}
		callback.attempts().add(attempt);
		CallbackUrl url = callback.url();
		boolean again = url.repeats(attempt) && attempt.number() <= url.retries()
				&& spent.plus(this.retryPause).compareTo(url.totalTimeout()) < 0;
		if (!again) {
			this.underWay--;
			callback.setState(attempt.succeeded() ? Callback.State.DELIVERED : Callback.State.FAILED);
			this.listener.accept(callback);
		}
		else if (this.retryPause.isZero()) {
			attempt(callback, attempt.number() + 1, spent);
		}
		else {
			pause(callback, attempt.number() + 1, spent.plus(this.retryPause));
		}
	}

	private void pause(Callback callback, int next, Duration spent) {
		this.underWay--;
		callback.setState(Callback.State.DELAYED);
		this.listener.accept(callback);
		this.timeline.at(this.timeline.now().plus(this.retryPause), () -> {
			if (callback.state() == Callback.State.DELAYED) {
				this.underWay++;
				attempt(callback, next, spent);
			}
		});
	}

	private static String sign(Account account, String url, Map<String, String> parameters) {
		Map<String, List<String>> signed = new TreeMap<>();
		parameters.forEach((name, value) -> signed.put(name, List.of(value)));
		return new RequestSigner(account.authToken()).sign(url, signed);
	}

	private Map<String, String> parametersOf(StoredMessage message) {
		Map<String, String> parameters = new LinkedHashMap<>();
		String status = message.status().value();
		parameters.put("MessageSid", message.sid());
		parameters.put("MessageStatus", status);
		parameters.put("SmsSid", message.sid());
		parameters.put("SmsStatus", status);
		parameters.put("AccountSid", message.account().sid());
		String from = message.from();
		parameters.put("From", (from != null) ? from : "");
		parameters.put("To", message.to());
		String serviceSid = message.draft().addresses().serviceSid();
		if (serviceSid != null) {
			parameters.put("MessagingServiceSid", serviceSid);
		}
		parameters.put("ApiVersion", "2010-04-01");
		Integer errorCode = message.errorCode();
		if (errorCode != null) {
			parameters.put("ErrorCode", errorCode.toString());
		}
		if (message.status() == MessageStatus.DELIVERED || message.status() == MessageStatus.UNDELIVERED) {
			parameters.put("RawDlrDoneDate", ReportDates.format(this.timeline.now()));
		}
		if (message.isOnChannel()) {
			addChannel(message, parameters);
		}
		return parameters;
	}

	private static void addChannel(StoredMessage message, Map<String, String> parameters) {
		String to = message.to();
		parameters.put("ChannelPrefix", to.substring(0, to.indexOf(':')));
		parameters.put("ChannelInstallSid", "XE" + message.account().sid().substring(2));
		if (message.status() == MessageStatus.READ) {
			parameters.put("EventType", "READ");
		}
		Integer errorCode = message.errorCode();
		if (errorCode != null) {
			parameters.put("ChannelStatusMessage", "Channel reported error " + errorCode);
		}
	}

}

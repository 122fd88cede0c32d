package io.github.twiliospring.messaging.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.engine.Callback;
import io.github.twiliospring.messaging.simulator.engine.DescribedCondition;
import io.github.twiliospring.messaging.simulator.engine.OutcomeRule;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.fault.Scope;
import io.github.twiliospring.messaging.simulator.network.Directory;
import org.jspecify.annotations.Nullable;

/**
 * A running simulator of the Message API: an HTTP server that takes messages, a clock
 * that moves them on, and signed callbacks to the application. Safe on any thread;
 * methods that wait block the calling one, never the server.
 *
 * <pre>{@code
 * try (TwilioSimulator simulator = TwilioSimulator.builder().manualClock().start()) {
 *     // point a client at simulator.baseUrl(), then:
 *     simulator.awaitMessage(MessageMatcher.sentTo("+15558675310"));
 *     simulator.clock().advance(Duration.ofMinutes(1));
 * }
 * }</pre>
 */
public final class TwilioSimulator implements AutoCloseable {

	/** The account of a simulator that wasn't told another one. */
	public static final String DEFAULT_ACCOUNT_SID = "AC00000000000000000000000000000001";

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final SimulatorEngine engine;

	private final Timeline timeline;

	private final Awaiter awaiter;

	private final Listeners listeners;

	private final SimulatorClock clock;

	private final String accountSid;

	private final String authToken;

	TwilioSimulator(TwilioSimulatorBuilder builder) {
		this.accountSid = builder.accountSid();
		this.authToken = builder.authToken();
		this.engine = new SimulatorEngine(builder, () -> baseUrl().toString());
		this.timeline = this.engine.timeline();
		this.awaiter = new Awaiter(this.timeline);
		this.clock = new SimulatorClock(this.timeline);
		try {
			this.listeners = new Listeners(builder.listeners(), this.engine);
		}
		catch (RuntimeException ex) {
			this.engine.close();
			throw ex;
		}
		try {
			this.engine.keep();
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Begins a simulator.
	 * @return a builder
	 */
	public static TwilioSimulatorBuilder builder() {
		return new TwilioSimulatorBuilder();
	}

	/**
	 * Where it listens.
	 * @return for example {@code http://127.0.0.1:4010}
	 */
	public URI baseUrl() {
		return this.listeners.url();
	}

	/**
	 * Where it listens for TLS.
	 * @return for example {@code https://127.0.0.1:8443}, or {@code null} without
	 * {@link TwilioSimulatorBuilder#tlsPort(int)}
	 */
	public @Nullable URI tlsUrl() {
		return this.listeners.tlsUrl();
	}

	/**
	 * The certificate that clients have to trust to reach {@link #tlsUrl()}. Beside it
	 * are {@code ca-bundle.pem}, with it and all that this Java trusts, and the same as
	 * {@code truststore.p12} (password {@code changeit}) for Java.
	 * @return a PEM file, or {@code null} without TLS
	 */
	public @Nullable Path certificateAuthority() {
		return this.listeners.certificateAuthority();
	}

	/**
	 * The port that it listens on.
	 * @return the port
	 */
	public int port() {
		return this.listeners.port();
	}

	/**
	 * The account that it was built with; others open on first use.
	 * @return {@code AC…}
	 */
	public String accountSid() {
		return this.accountSid;
	}

	/**
	 * That account's token: the one that the simulator was built with, or a random one.
	 * @return the token, which also signs its callbacks
	 */
	public String authToken() {
		return this.authToken;
	}

	/**
	 * The clock that everything runs on.
	 * @return the clock
	 */
	public SimulatorClock clock() {
		return this.clock;
	}

	/**
	 * Lets matching messages go wrong, from now on and until {@link #reset()}, in the
	 * status that the code really occurs with: {@code undelivered} for what a carrier or
	 * handset reports (30003 to 30008, 30034 …), {@code failed} for what never leaves the
	 * provider (30001, 30002, 30010 …). The latest rule that matches decides, when the
	 * sending begins.
	 * @param matcher which messages
	 * @param errorCode the delivery error
	 */
	public void fail(MessageMatcher matcher, int errorCode) {
		addRule(matcher, errorCode, null);
	}

	/**
	 * Lets matching messages end as {@code failed}, whatever the code.
	 * @param matcher which messages
	 * @param errorCode the delivery error
	 */
	public void failSending(MessageMatcher matcher, int errorCode) {
		addRule(matcher, errorCode, MessageStatus.FAILED);
	}

	/**
	 * Lets matching messages end as {@code undelivered}, whatever the code.
	 * @param matcher which messages
	 * @param errorCode the delivery error
	 */
	public void undeliver(MessageMatcher matcher, int errorCode) {
		addRule(matcher, errorCode, MessageStatus.UNDELIVERED);
	}

	/**
	 * Lets calls of the API or callbacks go wrong, from now on and until
	 * {@link #reset()}.
	 * @param fault what goes wrong, how often and for whom
	 */
	public void inject(Fault fault) {
		this.timeline.run((world) -> world.faults().add(fault));
	}

	/**
	 * Changes what the account owns: numbers, Messaging Services, applications, webhooks.
	 * Lasts until {@link #reset()}; what the builder configured lasts for good.
	 * @param change what to change, short and never blocking
	 */
	public void configure(Consumer<Directory> change) {
		this.timeline.run((world) -> change.accept(world.open(this.accountSid, this.authToken).directory()));
	}

	/**
	 * Sets the webhook that gets incoming messages to any number of any account, for
	 * good.
	 * @param url the URL, with retry rules in its fragment, or {@code null} for none
	 */
	public void inboundUrl(@Nullable String url) {
		this.timeline.run((world) -> world.directory().inboundUrl(url));
	}

	/**
	 * Waits for a message, ten seconds at most.
	 * @param matcher which one
	 * @return the latest that matches
	 * @throws AssertionError if none comes in time; its text lists what came
	 */
	public SimulatedMessage awaitMessage(MessageMatcher matcher) {
		return awaitMessage(matcher, TIMEOUT);
	}

	/**
	 * Waits for a message, woken by what happens.
	 * @param matcher which one
	 * @param timeout how long at most, in real time
	 * @return the latest that matches
	 * @throws AssertionError if none comes in time; its text lists what came
	 */
	public SimulatedMessage awaitMessage(MessageMatcher matcher, Duration timeout) {
		return this.awaiter.message(matcher, timeout);
	}

	/**
	 * Waits for a message that tells a code, ten seconds at most: four to ten digits, or
	 * two halves of them such as {@code 123-456}.
	 * @param to who it's sent to, a number or channel address
	 * @return the digits of the code in the latest such message
	 * @throws AssertionError if none comes in time; its text lists what came
	 */
	public String awaitCode(String to) {
		return this.awaiter.code(to, TIMEOUT);
	}

	/**
	 * Waits until the application has answered a callback, or it was given up; ten
	 * seconds at most.
	 * @param matcher which message it's about
	 * @param status what it reports
	 * @return the callback
	 * @throws AssertionError if none comes in time; its text lists what came
	 */
	public SimulatedCallback awaitCallback(MessageMatcher matcher, MessageStatus status) {
		return awaitCallback(matcher, status, TIMEOUT);
	}

	/**
	 * Waits until the application has answered a callback, or it was given up, woken by
	 * what happens.
	 * @param matcher which message it's about
	 * @param status what it reports
	 * @param timeout how long at most, in real time
	 * @return the callback
	 * @throws AssertionError if none comes in time; its text lists what came
	 */
	public SimulatedCallback awaitCallback(MessageMatcher matcher, MessageStatus status, Duration timeout) {
		return this.awaiter.callback(matcher, status, timeout);
	}

	/**
	 * Waits until every callback that's due by now has been answered or given up.
	 * @param timeout how long at most, in real time
	 * @throws AssertionError if some are still under way after that
	 */
	public void awaitIdle(Duration timeout) {
		this.awaiter.idle(timeout);
	}

	/**
	 * All messages of all accounts that are kept.
	 * @return in the order of their creation
	 */
	public List<SimulatedMessage> messages() {
		return this.timeline.call(Awaiter::messages);
	}

	/**
	 * All callbacks that are kept.
	 * @return in the order of their events
	 */
	public List<SimulatedCallback> callbacks() {
		return this.timeline.call(Awaiter::callbacks);
	}

	/**
	 * All calls of the API that are kept.
	 * @return in the order in which they came
	 */
	public List<SimulatedRequest> requests() {
		return this.timeline.call((world) -> world.requests().all()).stream().map(SimulatedRequest::of).toList();
	}

	/**
	 * Sends a callback once more, as it was.
	 * @param callback one that has been answered or given up
	 * @throws IllegalArgumentException if it isn't kept any more
	 * @throws IllegalStateException if it's still under way
	 */
	public void replay(SimulatedCallback callback) {
		this.timeline.run((world) -> {
			Callback found = world.callbackLog().find(callback.id());
			if (found == null) {
				throw new IllegalArgumentException("There's no callback " + callback.id() + " any more");
			}
			world.callbacks().replay(found);
		});
	}

	/**
	 * Lets a phone write to one of the account's numbers.
	 * @param from the phone
	 * @param to the account's number or channel address
	 * @param body the text
	 * @param mediaUrls media, at most ten
	 * @return the message, received; its webhook is on its way
	 * @throws IllegalArgumentException for addresses that a phone can't have or write to
	 */
	public SimulatedMessage receive(String from, String to, String body, String... mediaUrls) {
		return receive(PhoneMessage.of(from, to).body(body).media(mediaUrls));
	}

	/**
	 * Lets a phone write to one of the account's numbers.
	 * @param message what it writes
	 * @return the message, received; its webhook is on its way
	 * @throws IllegalArgumentException for addresses that a phone can't have or write to
	 */
	public SimulatedMessage receive(PhoneMessage message) {
		return this.timeline.call((world) -> SimulatedMessage.of(world.inbound()
			.receive(world.open(this.accountSid, this.authToken), message.from(), message.to(), message.body(),
					message.mediaUrls(), message.extras())));
	}

	/**
	 * Forgets all messages, callbacks, calls, rules, faults, opt-outs and what was
	 * configured since the start. Accounts, what the builder configured and the clock
	 * stay; callbacks that are under way aren't repeated, and those that wait for a busy
	 * application aren't sent.
	 */
	public void reset() {
		this.timeline.run(World::reset);
	}

	/**
	 * Forgets what concerns one account, so that tests with an account each can share a
	 * simulator: its messages, callbacks, calls, opt-outs and configuration, the rules
	 * whose matcher names it and the faults that keep to it.
	 * @param sid {@code AC…}
	 */
	public void reset(String sid) {
		this.timeline.run((world) -> world.reset(sid));
	}

	private void addRule(MessageMatcher matcher, int errorCode, @Nullable MessageStatus status) {
		this.timeline.run((world) -> {
			String id = world.sids().uuid().toString();
			Scope scope = new Scope(-1, 1, null, matcher.accountSid());
			world.outcomes()
				.addFirst(
						new OutcomeRule(id,
								new DescribedCondition(matcher.toString(),
										(message) -> matcher.matches(SimulatedMessage.of(message))),
								errorCode, status, scope));
		});
	}

	@Override
	public void close() {
		this.engine.closeEvents();
		this.listeners.close();
		this.engine.close();
	}

}

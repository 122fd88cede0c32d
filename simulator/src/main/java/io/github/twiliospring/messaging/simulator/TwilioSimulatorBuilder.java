package io.github.twiliospring.messaging.simulator;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;

import io.github.twiliospring.messaging.simulator.network.Delays;
import io.github.twiliospring.messaging.simulator.network.Directory;
import io.github.twiliospring.messaging.simulator.engine.EngineSettings;
import io.github.twiliospring.messaging.simulator.engine.EngineSettings.Manners;
import io.github.twiliospring.messaging.simulator.state.SimulatorState;
import org.jspecify.annotations.Nullable;

/**
 * Says how a simulator is to be, and starts it. {@link TwilioSimulator#builder()} begins
 * one. Not safe for several threads.
 */
public final class TwilioSimulatorBuilder {

	private String accountSid = TwilioSimulator.DEFAULT_ACCOUNT_SID;

	// It signs the callbacks that an application lets in: nobody may know it beforehand.
	private String authToken = randomToken();

	private boolean tokenGiven;

	private final ListenerSettings listeners = new ListenerSettings();

	private @Nullable Instant manualStart;

	private Delays delays = Delays.DEFAULT;

	private Duration retryPause = Duration.ZERO;

	private EngineSettings.Limits limits = EngineSettings.Limits.DEFAULT;

	private final Directory directory = new Directory(null);

	private @Nullable Long seed;

	private boolean strict;

	private boolean readReceipts = true;

	private boolean whatsappWindow = true;

	private int historyLimit = 10_000;

	private final Beginning beginning = new Beginning();

	TwilioSimulatorBuilder() {
	}

	/**
	 * Sets the account.
	 * @param sid {@code AC} and 32 hexadecimal digits
	 * @return this
	 */
	public TwilioSimulatorBuilder accountSid(String sid) {
		if (!sid.matches("AC[0-9a-fA-F]{32}")) {
			throw new IllegalArgumentException("An account SID is AC and 32 hexadecimal digits, not '" + sid + "'");
		}
		this.accountSid = sid;
		return this;
	}

	/**
	 * Sets the account's token, which clients authenticate with and which signs
	 * callbacks. Without it, each simulator has a random one, whatever its seed.
	 * @param token not empty
	 * @return this
	 */
	public TwilioSimulatorBuilder authToken(String token) {
		if (token.isEmpty()) {
			throw new IllegalArgumentException("The auth token must not be empty");
		}
		this.authToken = token;
		this.tokenGiven = true;
		return this;
	}

	/**
	 * Sets where to listen; without it, only this machine reaches the simulator.
	 * @param name a name or address of this machine, an IPv6 one with or without brackets
	 * @return this
	 * @throws IllegalArgumentException for an empty one
	 */
	public TwilioSimulatorBuilder host(String name) {
		this.listeners.host(name);
		return this;
	}

	/**
	 * Lets requests in that are addressed to other names than the usual ones: loopback
	 * names, addresses in numbers, {@code twilio.com} and what's below it, and the one of
	 * {@link #host(String)}. A page of any other name that leads to this machine could
	 * read all messages otherwise.
	 * @param names host names without a port, such as {@code simulator}
	 * @return this
	 */
	public TwilioSimulatorBuilder allowedHosts(String... names) {
		this.listeners.allow(names);
		return this;
	}

	/**
	 * Sets the port.
	 * @param number the port, 0 (the default) for a free one
	 * @return this
	 */
	public TwilioSimulatorBuilder port(int number) {
		this.listeners.port(number);
		return this;
	}

	/**
	 * Listens for TLS, too, so that programs whose {@code api.twilio.com} leads to this
	 * machine reach the simulator without a change. They have to trust
	 * {@link TwilioSimulator#certificateAuthority()}, which is made at the first start
	 * and kept; for that, {@code io.netty:netty-pkitesting} has to be on the class path.
	 * @param number the port, 0 for a free one
	 * @return this
	 */
	public TwilioSimulatorBuilder tlsPort(int number) {
		this.listeners.tlsPort(number);
		return this;
	}

	/**
	 * Sets where the certificates are kept.
	 * @param path a directory, which is made where there's none;
	 * {@code .twilio-simulator} in the user's home by default
	 * @return this
	 */
	public TwilioSimulatorBuilder tlsDirectory(Path path) {
		this.listeners.tlsDirectory(path);
		return this;
	}

	/**
	 * Lets the clock stand at the present, on a whole second, until it's moved.
	 * @return this
	 */
	public TwilioSimulatorBuilder manualClock() {
		return manualClock(Instant.now());
	}

	/**
	 * Lets the clock stand at an instant until it's moved.
	 * @param start the instant; what it has beyond whole seconds is left out
	 * @return this
	 */
	public TwilioSimulatorBuilder manualClock(Instant start) {
		this.manualStart = start;
		return this;
	}

	/**
	 * Lets the clock run with the system's, which is the default.
	 * @return this
	 */
	public TwilioSimulatorBuilder systemClock() {
		this.manualStart = null;
		return this;
	}

	/**
	 * Makes identifiers and decisions by probability the same in every run.
	 * @param number any
	 * @return this
	 */
	public TwilioSimulatorBuilder seed(long number) {
		this.seed = number;
		return this;
	}

	/**
	 * Refuses accounts, keys, services and senders that weren't configured.
	 * @param refuse whether to refuse them; not the default
	 * @return this
	 */
	public TwilioSimulatorBuilder strict(boolean refuse) {
		this.strict = refuse;
		return this;
	}

	/**
	 * Sets how many messages are kept beyond their end; the oldest go first, and the log
	 * says so. Those on their way are all kept. As many calls of the API are kept, fewer
	 * where they say more than 4,096 characters on average.
	 * @param messages at least 1; 10,000 by default
	 * @return this
	 */
	public TwilioSimulatorBuilder historyLimit(int messages) {
		if (messages < 1) {
			throw new IllegalArgumentException("At least one message has to be kept, not " + messages);
		}
		this.historyLimit = messages;
		return this;
	}

	/**
	 * Sets how long a message stays in each status on its way, on the simulator's clock.
	 * @param delay not negative; a tenth of a second by default
	 * @return this
	 */
	public TwilioSimulatorBuilder delay(Duration delay) {
		this.delays = Delays.all(delay);
		return this;
	}

	/**
	 * Sets how long a message stays in each status, one by one.
	 * @param each the delays
	 * @return this
	 */
	public TwilioSimulatorBuilder delays(Delays each) {
		this.delays = each;
		return this;
	}

	/**
	 * Sets the pause between two attempts of a callback, on the simulator's clock.
	 * @param pause not negative; none by default
	 * @return this
	 */
	public TwilioSimulatorBuilder callbackRetryPause(Duration pause) {
		this.retryPause = Delays.check(pause);
		return this;
	}

	/**
	 * Takes the limits that the provider documents today (five minutes to 35 days ahead,
	 * ten hours in the queue) in place of the older ones (15 minutes to 7 days, four
	 * hours).
	 * @return this
	 */
	public TwilioSimulatorBuilder currentLimits() {
		this.limits = this.limits.current();
		return this;
	}

	/**
	 * Sets what one segment and one MMS cost.
	 * @param segment US dollars
	 * @param mms US dollars
	 * @return this
	 */
	public TwilioSimulatorBuilder prices(BigDecimal segment, BigDecimal mms) {
		this.limits = new EngineSettings.Limits(this.limits.scheduleAtLeast(), this.limits.scheduleAtMost(),
				this.limits.queueAtMost(), segment, mms);
		return this;
	}

	/**
	 * Sets whether recipients on WhatsApp open what they get, which makes it
	 * {@code read}.
	 * @param open whether they do, by default
	 * @return this
	 */
	public TwilioSimulatorBuilder readReceipts(boolean open) {
		this.readReceipts = open;
		return this;
	}

	/**
	 * Sets whether a WhatsApp message without a template fails when it's sent (63016),
	 * unless its recipient wrote to its sender within the last 24 hours.
	 * @param closed whether it fails, by default
	 * @return this
	 */
	public TwilioSimulatorBuilder whatsappWindow(boolean closed) {
		this.whatsappWindow = closed;
		return this;
	}

	/**
	 * Says what every account owns: numbers with their rates, Messaging Services,
	 * applications, webhooks; and whether accounts are on trial.
	 * @param change puts it into the directory
	 * @return this
	 */
	public TwilioSimulatorBuilder configure(Consumer<Directory> change) {
		change.accept(this.directory);
		return this;
	}

	/**
	 * Keeps everything over restarts: messages and what's planned for them, callbacks,
	 * calls, accounts and what they own, rules, and the clock. What this builder is told
	 * holds for what comes.
	 * @param state where it's kept
	 * @return this
	 */
	public TwilioSimulatorBuilder state(SimulatorState state) {
		this.beginning.state(state);
		return this;
	}

	/**
	 * Begins with what a file says: a JSON object in which each list, such as
	 * {@code numbers}, holds what the control's request of that name takes. A reset
	 * brings it back; a state that's there already takes its place.
	 * @param file the file
	 * @return this
	 */
	public TwilioSimulatorBuilder seed(Path file) {
		this.beginning.seed(file);
		return this;
	}

	/**
	 * Starts the simulator. When this returns, it listens.
	 * @return the simulator
	 * @throws reactor.netty.ChannelBindException if the port is taken
	 * @throws io.github.twiliospring.messaging.simulator.state.StateException if the
	 * state or the seed can't be used
	 */
	public TwilioSimulator start() {
		String known = this.beginning.load(this.accountSid);
		if (known != null && !this.tokenGiven) {
			this.authToken = known;
		}
		try {
			return new TwilioSimulator(this);
		}
		catch (RuntimeException ex) {
			this.beginning.close();
			throw ex;
		}
	}

	Beginning beginning() {
		return this.beginning;
	}

	String accountSid() {
		return this.accountSid;
	}

	String authToken() {
		return this.authToken;
	}

	ListenerSettings listeners() {
		return this.listeners;
	}

	@Nullable Instant manualStart() {
		return this.manualStart;
	}

	private static String randomToken() {
		byte[] bytes = new byte[16];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	EngineSettings settings() {
		Long given = this.seed;
		// Nothing that's drawn from it is secret, and a SecureRandom takes its time to
		// start.
		Random random = (given != null) ? new Random(given) : new Random();
		return new EngineSettings(this.delays, this.limits,
				new Manners(this.strict, this.readReceipts, this.whatsappWindow, this.retryPause), random,
				this.historyLimit, this.directory);
	}

}

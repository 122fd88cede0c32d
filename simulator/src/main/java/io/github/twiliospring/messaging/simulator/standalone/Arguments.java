package io.github.twiliospring.messaging.simulator.standalone;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.TwilioSimulatorBuilder;
import io.github.twiliospring.messaging.simulator.state.SimulatorState;

/**
 * The program's arguments, {@code --name=value} each.
 */
final class Arguments {

	static final int DEFAULT_PORT = 4010;

	static final String HELP = """
			A local, stateful simulator of the Twilio Message API.

			Usage: java -jar twilio-messaging-simulator-standalone.jar [options]

			  --port=4010             port to listen on; 0 takes a free one
			  --host=127.0.0.1        address to listen on; naming another one opens the
			                          simulator, its control included, to the network
			  --allowed-host=NAME,... names that requests may be addressed to, beyond
			                          loopback names, addresses and twilio.com
			  --tls-port=PORT         port to listen on for TLS, too, 443 for programs whose
			                          api.twilio.com leads to this machine; 0 takes a free
			                          one
			  --tls-directory=PATH    where the certificates are kept, which are made at the
			                          first start (without it .twilio-simulator at home)
			  --account-sid=AC...     account that clients authenticate with
			  --auth-token=...        its token; also signs the callbacks (without it
			                          0123456789abcdef0123456789abcdef)
			  --clock=system          system, or manual: stands still until it's moved
			  --clock-start=INSTANT   where a manual clock stands first, in ISO 8601
			  --delay=PT0.1S          time that a message stays in each status, in ISO 8601
			  --state=FILE            keeps everything over restarts
			  --seed=FILE             begins with the accounts, numbers, services,
			                          applications, templates, outcomes and faults
			                          in a JSON file
			  --random-seed=NUMBER    makes identifiers the same in every run
			  --history-limit=10000   messages that are kept beyond their end
			  --strict                refuse accounts, services and senders that aren't known
			  --current-limits        today's limits: 5 minutes to 35 days ahead
			  --no-whatsapp-window    WhatsApp messages need neither a template nor a
			                          message from their recipient in the last 24 hours
			  --help                  print this

			Every account works, and any token that its first request brings, unless strict.
			""";

	// Known to everybody, as the simulator stands alone: an application that talks to it
	// has
	// been told its token.
	private static final String DEFAULT_AUTH_TOKEN = "0123456789abcdef0123456789abcdef";

	private static final Set<String> FLAGS = Set.of("strict", "current-limits", "no-whatsapp-window", "help");

	private static final Set<String> NAMES = Set.of("port", "host", "allowed-host", "tls-port", "tls-directory",
			"account-sid", "auth-token", "clock", "clock-start", "delay", "state", "seed", "random-seed",
			"history-limit");

	private final Map<String, String> values;

	private Arguments(Map<String, String> values) {
		this.values = values;
	}

	static Arguments parse(String... arguments) {
		Map<String, String> values = new LinkedHashMap<>();
		for (String argument : arguments) {
			int equals = argument.indexOf('=');
			String name = argument.startsWith("--") ? argument.substring(2, (equals > 0) ? equals : argument.length())
					: "";
			boolean flag = FLAGS.contains(name) && equals < 0;
			if (!flag && (!NAMES.contains(name) || equals < 0)) {
				throw new IllegalArgumentException("Unknown option '" + argument + "'; --help lists all options");
			}
			values.put(name, flag ? "true" : argument.substring(equals + 1));
		}
		return new Arguments(values);
	}

	boolean isHelp() {
		return this.values.containsKey("help");
	}

	int port() {
		return Math.toIntExact(number("port", DEFAULT_PORT));
	}

	TwilioSimulatorBuilder builder() {
		TwilioSimulatorBuilder builder = TwilioSimulator.builder()
			.port(port())
			.authToken(DEFAULT_AUTH_TOKEN)
			.strict(this.values.containsKey("strict"))
			.whatsappWindow(!this.values.containsKey("no-whatsapp-window"))
			.historyLimit(Math.toIntExact(number("history-limit", 10_000)));
		given("host", builder::host);
		given("allowed-host", (value) -> builder.allowedHosts(value.split(",", -1)));
		given("tls-directory", (value) -> builder.tlsDirectory(Path.of(value)));
		if (this.values.containsKey("tls-port")) {
			builder.tlsPort(Math.toIntExact(number("tls-port", 0)));
		}
		given("account-sid", builder::accountSid);
		given("auth-token", builder::authToken);
		given("delay", (value) -> builder.delay(duration(value)));
		given("state", (value) -> builder.state(SimulatorState.in(Path.of(value))));
		given("seed", (value) -> builder.seed(Path.of(value)));
		if (this.values.containsKey("random-seed")) {
			builder.seed(number("random-seed", 0));
		}
		if (this.values.containsKey("current-limits")) {
			builder.currentLimits();
		}
		clock(builder);
		return builder;
	}

	private void clock(TwilioSimulatorBuilder builder) {
		String clock = this.values.getOrDefault("clock", "system");
		String start = this.values.get("clock-start");
		switch (clock) {
			case "manual" -> builder.manualClock((start != null) ? instant(start) : Instant.now());
			case "system" -> {
				if (start != null) {
					throw new IllegalArgumentException("--clock-start needs --clock=manual");
				}
			}
			default -> throw new IllegalArgumentException("--clock is system or manual, not '" + clock + "'");
		}
	}

	private void given(String name, Consumer<String> setter) {
		String value = this.values.get(name);
		if (value != null) {
			setter.accept(value);
		}
	}

	private long number(String name, long fallback) {
		String value = this.values.get(name);
		try {
			return (value != null) ? Integer.parseInt(value) : fallback;
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--" + name + " is a whole number, not '" + value + "'", ex);
		}
	}

	private static Duration duration(String value) {
		try {
			return Duration.parse(value);
		}
		catch (DateTimeParseException ex) {
			throw new IllegalArgumentException("--delay is a duration such as PT0.1S, not '" + value + "'", ex);
		}
	}

	private static Instant instant(String value) {
		try {
			return Instant.parse(value);
		}
		catch (DateTimeParseException ex) {
			throw new IllegalArgumentException(
					"--clock-start is an instant such as 2026-01-01T09:00:00Z, not '" + value + "'", ex);
		}
	}

}

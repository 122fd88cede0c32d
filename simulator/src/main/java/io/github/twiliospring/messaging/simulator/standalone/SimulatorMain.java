package io.github.twiliospring.messaging.simulator.standalone;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.simulator.TwilioSimulatorBuilder;
import io.github.twiliospring.messaging.simulator.state.StateException;
import reactor.netty.ChannelBindException;

/**
 * Runs a simulator until the process is told to end.
 */
public final class SimulatorMain {

	/** The exit code for arguments that can't be used. */
	static final int EXIT_USAGE = 2;

	/** The exit code for a port that's taken. */
	static final int EXIT_PORT = 3;

	/** The exit code for certificates that can't be made or kept. */
	static final int EXIT_TLS = 4;

	/** The exit code for a state or a seed that can't be used. */
	static final int EXIT_STATE = 5;

	private static final String LOG = "org.slf4j.simpleLogger.";

	private static final Map<String, String> LOG_SETTINGS = Map.of(LOG + "logFile", "System.out", LOG + "showDateTime",
			"true", LOG + "dateTimeFormat", "HH:mm:ss.SSS", LOG + "showThreadName", "false", LOG + "showLogName",
			"false", LOG + "log.io.github.twiliospring.messaging.simulator.activity", "debug");

	private SimulatorMain() {
	}

	/**
	 * Starts the program.
	 * @param arguments {@code --name=value} each
	 */
	public static void main(String... arguments) {
		// Before the first logger exists; what's given by -D stays.
		LOG_SETTINGS.forEach((name, value) -> {
			if (System.getProperty(name) == null) {
				System.setProperty(name, value);
			}
		});
		int exitCode = run(System.out, System.err, new CountDownLatch(1), arguments);
		if (exitCode != 0) {
			System.exit(exitCode);
		}
	}

	static int run(PrintStream out, PrintStream err, CountDownLatch end, String... arguments) {
		Arguments parsed;
		try {
			parsed = Arguments.parse(arguments);
			if (parsed.isHelp()) {
				out.print(Arguments.HELP);
				return 0;
			}
			TwilioSimulatorBuilder builder = parsed.builder();
			serve(builder, out, end);
			return 0;
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			err.println(ex.getMessage());
			return EXIT_USAGE;
		}
		catch (StateException ex) {
			err.println(ex.getMessage());
			return EXIT_STATE;
		}
		catch (IllegalStateException | UncheckedIOException ex) {
			err.println(ex.getMessage());
			return EXIT_TLS;
		}
		catch (ChannelBindException ex) {
			err.println("Can't listen on port " + ex.localPort() + " of " + ex.localHost()
					+ ": it's taken, or not allowed, or no address of this machine; --port=0 takes a free one");
			return EXIT_PORT;
		}
	}

	private static void serve(TwilioSimulatorBuilder builder, PrintStream out, CountDownLatch end) {
		TwilioSimulator simulator = builder.start();
		Thread hook = new Thread(() -> {
			simulator.close();
			out.println("Simulator stopped");
		}, "simulator-shutdown");
		Runtime.getRuntime().addShutdownHook(hook);
		out.println("Simulator listens on " + simulator.baseUrl() + ", a page for browsers included");
		out.println("Account " + simulator.accountSid() + ", clock "
				+ (simulator.clock().isManual() ? "manual at " + simulator.clock().instant() : "system"));
		URI tlsUrl = simulator.tlsUrl();
		Path authority = simulator.certificateAuthority();
		if (tlsUrl != null && authority != null) {
			out.print(trust(tlsUrl, authority));
		}
		try {
			end.await();
			Runtime.getRuntime().removeShutdownHook(hook);
			hook.run();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static String trust(URI tlsUrl, Path authority) {
		Path bundle = authority.resolveSibling("ca-bundle.pem");
		return """
				TLS on %s, for api.twilio.com and localhost. A program trusts it by
				  curl    CURL_CA_BUNDLE=%s (or --cacert)
				  Node    NODE_EXTRA_CA_CERTS=%s
				  Python  REQUESTS_CA_BUNDLE=%s
				  Ruby, Go, .NET on Linux  SSL_CERT_FILE=%s
				  Java    JAVA_TOOL_OPTIONS="-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=changeit"
				""".formatted(tlsUrl, bundle, authority, bundle, bundle, authority.resolveSibling("truststore.p12"));
	}

}

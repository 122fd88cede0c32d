package io.github.twiliospring.messaging.simulator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

import io.github.twiliospring.messaging.simulator.http.AccessRules;
import org.jspecify.annotations.Nullable;

/**
 * Where a simulator listens, and for whom. Not safe for several threads.
 */
final class ListenerSettings {

	private final Set<String> allowedHosts = new LinkedHashSet<>();

	private String host = "127.0.0.1";

	private int port;

	private @Nullable Integer tlsPort;

	// A page notices a dead connection after two and a half of them.
	private Duration heartbeat = Duration.ofSeconds(15);

	private Path tlsDirectory = Path.of(System.getProperty("user.home"), ".twilio-simulator");

	void host(String name) {
		boolean isBracketed = name.startsWith("[") && name.endsWith("]");
		String given = isBracketed ? name.substring(1, name.length() - 1) : name;
		if (given.isBlank()) {
			throw new IllegalArgumentException("A host is a name or address of this machine, not '" + name + "'");
		}
		this.host = given;
	}

	void allow(String... names) {
		for (String name : names) {
			this.allowedHosts.add(AccessRules.checkName(name));
		}
	}

	void port(int number) {
		this.port = checkPort(number);
	}

	void tlsPort(int number) {
		this.tlsPort = checkPort(number);
	}

	void tlsDirectory(Path path) {
		this.tlsDirectory = path;
	}

	/** How often an event stream shows that it lives. */
	void heartbeat(Duration every) {
		this.heartbeat = every;
	}

	String host() {
		return this.host;
	}

	Set<String> allowedHosts() {
		Set<String> all = new LinkedHashSet<>(this.allowedHosts);
		all.add(this.host.toLowerCase(Locale.ROOT));
		return all;
	}

	int port() {
		return this.port;
	}

	@Nullable Integer tlsPort() {
		return this.tlsPort;
	}

	Duration heartbeat() {
		return this.heartbeat;
	}

	Path tlsDirectory() {
		return this.tlsDirectory;
	}

	private static int checkPort(int number) {
		if (number < 0 || number > 65535) {
			throw new IllegalArgumentException("A port is 0 to 65535, not " + number);
		}
		return number;
	}

}

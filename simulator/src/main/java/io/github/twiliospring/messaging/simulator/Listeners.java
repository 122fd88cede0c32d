package io.github.twiliospring.messaging.simulator;

import java.net.URI;
import java.nio.file.Path;

import io.github.twiliospring.messaging.simulator.http.SimulatorServer;
import io.github.twiliospring.messaging.simulator.http.TlsFiles;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a simulator: one for HTTP and, where it's asked for, one for TLS.
 */
final class Listeners implements AutoCloseable {

	private final String host;

	private final SimulatorServer plain;

	private final @Nullable SimulatorServer secure;

	private final @Nullable TlsFiles tls;

	Listeners(ListenerSettings settings, SimulatorEngine engine) {
		Integer tlsPort = settings.tlsPort();
		this.host = settings.host();
		this.tls = (tlsPort != null) ? TlsFiles.open(settings.tlsDirectory()) : null;
		this.plain = SimulatorServer.start(this.host, settings.port(), engine.loops(), engine::serve);
		try {
			this.secure = (tlsPort != null && this.tls != null)
					? SimulatorServer.startSecure(this.host, tlsPort, this.tls, engine.loops(), engine::serve) : null;
		}
		catch (RuntimeException ex) {
			this.plain.close();
			throw ex;
		}
	}

	int port() {
		return this.plain.port();
	}

	URI url() {
		return url("http", this.plain);
	}

	@Nullable URI tlsUrl() {
		return (this.secure != null) ? url("https", this.secure) : null;
	}

	@Nullable Path certificateAuthority() {
		return (this.tls != null) ? this.tls.authority() : null;
	}

	private URI url(String scheme, SimulatorServer server) {
		String name = (this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host;
		return URI.create(scheme + "://" + name + ":" + server.port());
	}

	@Override
	public void close() {
		this.plain.close();
		if (this.secure != null) {
			this.secure.close();
		}
	}

}

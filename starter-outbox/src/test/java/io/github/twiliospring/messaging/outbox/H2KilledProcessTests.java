package io.github.twiliospring.messaging.outbox;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.UUID;

import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Entries whose process is killed, in H2.
 */
class H2KilledProcessTests extends KilledProcessContract {

	@TempDir
	static Path directory;

	private Server server;

	@AfterEach
	void stopDatabase() {
		this.server.stop();
	}

	@Override
	String jdbcUrl() {
		try {
			this.server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", directory.toString())
				.start();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return "jdbc:h2:tcp://localhost:" + this.server.getPort() + "/./" + UUID.randomUUID();
	}

	@Override
	String platform() {
		return "h2";
	}

}

package io.github.twiliospring.messaging;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that nobody has a reason to trust.
 */
final class SelfSigned {

	private static final String PASSWORD = "changeit";

	private SelfSigned() {
	}

	/**
	 * Opens a TLS socket with the certificate of this process.
	 * @return the socket on a free port of the loopback address
	 */
	static ServerSocket serverSocket() throws IOException {
		return Context.INSTANCE.getServerSocketFactory().createServerSocket(0, 100, InetAddress.getLoopbackAddress());
	}

	// One for all tests: the tool takes a second.
	private static final class Context {

		static final SSLContext INSTANCE = create();

		private static SSLContext create() {
			try {
				Path folder = Files.createTempDirectory("self-signed");
				try {
					return create(folder.resolve("self-signed.p12"));
				}
				finally {
					FileSystemUtils.deleteRecursively(folder);
				}
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static SSLContext create(Path store) throws Exception {
			Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
					"-genkeypair", "-keyalg", "EC", "-alias", "server", "-dname", "CN=127.0.0.1", "-storetype",
					"PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
				.redirectErrorStream(true)
				.start();
			assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
			KeyStore keys = KeyStore.getInstance("PKCS12");
			try (InputStream content = Files.newInputStream(store)) {
				keys.load(content, PASSWORD.toCharArray());
			}
			KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			managers.init(keys, PASSWORD.toCharArray());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(managers.getKeyManagers(), null, null);
			return context;
		}

	}

}

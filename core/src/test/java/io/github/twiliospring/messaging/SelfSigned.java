package io.github.twiliospring.messaging;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that nobody has a reason to trust.
 */
final class SelfSigned {

	private static final String PASSWORD = "changeit";

	private SelfSigned() {
	}

	/**
	 * Opens a TLS socket with a new certificate.
	 * @param folder where its key store goes
	 * @return the socket on a free port of the loopback address
	 */
	static ServerSocket serverSocket(Path folder) throws Exception {
		Path store = folder.resolve("self-signed.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-keyalg", "EC", "-alias", "server", "-dname", "CN=127.0.0.1", "-storetype", "PKCS12",
				"-keystore", store.toString(), "-storepass", PASSWORD)
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
		return context.getServerSocketFactory().createServerSocket(0, 100, InetAddress.getLoopbackAddress());
	}

}

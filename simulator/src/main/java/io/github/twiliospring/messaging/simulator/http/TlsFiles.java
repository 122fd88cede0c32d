package io.github.twiliospring.messaging.simulator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that the simulator shows over TLS and the files by which clients trust
 * it, made once and kept. Safe for several threads and processes.
 *
 * @param directory where they are
 */
public record TlsFiles(Path directory) {

	/** Whoever has the files may read the trust store; it holds nothing secret. */
	public static final String TRUST_STORE_PASSWORD = "changeit";

	// All are made anew this long before the certificate ends.
	private static final Duration RENEWAL = Duration.ofDays(30);

	/**
	 * The files in a directory, which are made where they are missing or about to end.
	 * @param directory where they are, or will be
	 * @return the files
	 * @throws IllegalStateException if they can't be made
	 * @throws UncheckedIOException if they can't be read or written
	 */
	public static TlsFiles open(Path directory) {
		TlsFiles files = new TlsFiles(directory.toAbsolutePath().normalize());
		synchronized (TlsFiles.class) {
			try {
				Files.createDirectories(files.directory);
				try (FileChannel channel = FileChannel.open(files.directory.resolve(".lock"), StandardOpenOption.CREATE,
						StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
					if (!lock.isValid() || !files.isUsable()) {
						files.make();
					}
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException("The files for TLS can't be kept in " + files.directory, ex);
			}
		}
		return files;
	}

	/**
	 * The certificate of the authority.
	 * @return a PEM file, for clients that add it to those that they trust
	 */
	public Path authority() {
		return this.directory.resolve("ca.pem");
	}

	/**
	 * The certificate of the authority and all that this Java trusts.
	 * @return a PEM file, for clients that trust nothing else than what's in it
	 */
	public Path bundle() {
		return this.directory.resolve("ca-bundle.pem");
	}

	/**
	 * What is in the {@link #bundle()}, for Java.
	 * @return a PKCS #12 file with {@link #TRUST_STORE_PASSWORD}
	 */
	public Path trustStore() {
		return this.directory.resolve("truststore.p12");
	}

	/**
	 * The server's certificate.
	 * @return a PEM file
	 */
	Path certificate() {
		return this.directory.resolve("server.pem");
	}

	/**
	 * The server's key, which nobody but its owner can read.
	 * @return a PEM file
	 */
	Path key() {
		return this.directory.resolve("server-key.pem");
	}

	SslContext context() {
		try {
			return SslContextBuilder.forServer(certificate().toFile(), key().toFile())
				.sslProvider(SslProvider.JDK)
				.build();
		}
		catch (SSLException | IllegalArgumentException ex) {
			throw new IllegalStateException(
					"The certificate in " + this.directory + " can't be used; delete it, and it's made anew", ex);
		}
	}

	private boolean isUsable() throws IOException {
		if (!Stream.of(authority(), bundle(), trustStore(), certificate(), key()).allMatch(Files::isReadable)) {
			return false;
		}
		try (InputStream input = Files.newInputStream(certificate())) {
			X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(input);
			return certificate.getNotAfter().toInstant().isAfter(Instant.now().plus(RENEWAL));
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	private void make() throws IOException {
		try {
			CertificateMaker.Made made = CertificateMaker.make(Instant.now());
			List<X509Certificate> trusted = new ArrayList<>(List.of(made.authority()));
			trusted.addAll(trustedByThisJava());
			StringBuilder bundle = new StringBuilder();
			KeyStore trustStore = KeyStore.getInstance("PKCS12");
			trustStore.load(null, null);
			for (X509Certificate certificate : trusted) {
				bundle.append(pem(certificate));
				trustStore.setCertificateEntry(Integer.toString(trustStore.size()), certificate);
			}
			ByteArrayOutputStream stored = new ByteArrayOutputStream();
			trustStore.store(stored, TRUST_STORE_PASSWORD.toCharArray());
			write(key(), made.key().getBytes(StandardCharsets.US_ASCII), false);
			write(certificate(), pem(made.certificate()).getBytes(StandardCharsets.US_ASCII), true);
			write(authority(), pem(made.authority()).getBytes(StandardCharsets.US_ASCII), true);
			write(bundle(), bundle.toString().getBytes(StandardCharsets.US_ASCII), true);
			write(trustStore(), stored.toByteArray(), true);
		}
		catch (NoClassDefFoundError ex) {
			throw new IllegalStateException("To make a certificate for TLS, io.netty:netty-pkitesting has to be on the"
					+ " class path, in the version of the other io.netty artifacts", ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("A certificate for TLS can't be made", ex);
		}
	}

	private static List<X509Certificate> trustedByThisJava() throws GeneralSecurityException {
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init((@Nullable KeyStore) null);
		List<X509Certificate> all = new ArrayList<>();
		for (TrustManager manager : factory.getTrustManagers()) {
			if (manager instanceof X509TrustManager trusting) {
				all.addAll(List.of(trusting.getAcceptedIssuers()));
			}
		}
		return all;
	}

	private static String pem(X509Certificate certificate) throws GeneralSecurityException {
		return "-----BEGIN CERTIFICATE-----\n"
				+ Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(certificate.getEncoded())
				+ "\n-----END CERTIFICATE-----\n";
	}

	/** A temporary file is its owner's alone from the start. */
	private void write(Path file, byte[] content, boolean forAll) throws IOException {
		Path temporary = Files.createTempFile(this.directory, ".tls", ".tmp");
		PosixFileAttributeView posix = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
		if (posix != null) {
			posix.setPermissions(PosixFilePermissions.fromString(forAll ? "rw-r--r--" : "rw-------"));
		}
		Files.write(temporary, content);
		Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
	}

}

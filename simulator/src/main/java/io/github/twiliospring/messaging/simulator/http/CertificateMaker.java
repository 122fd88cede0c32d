package io.github.twiliospring.messaging.simulator.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.NetUtil;

/**
 * Makes an authority and the one certificate that it ever signs: the authority's key is
 * forgotten, so that whoever trusts it trusts nothing but this simulator.
 */
final class CertificateMaker {

	// The longest that all clients accept.
	private static final Duration VALIDITY = Duration.ofDays(825);

	private static final List<String> NAMES = List.of("api.twilio.com", "*.twilio.com", "localhost");

	private static final List<String> REGIONS = List.of("us1", "ie1", "au1");

	private static final List<String> EDGES = List.of("ashburn", "dublin", "frankfurt", "sao-paulo", "singapore",
			"sydney", "tokyo", "umatilla");

	private static final List<String> ADDRESSES = List.of("127.0.0.1", "::1");

	private static final String ALTERNATIVE_NAMES = "2.5.29.17";

	private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";

	private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";

	private CertificateMaker() {
	}

	static Made make(Instant now) throws GeneralSecurityException {
		Instant start = now.minus(Duration.ofDays(1));
		Instant end = start.plus(VALIDITY);
		KeyPair authorityKey = keyPair();
		KeyPair serverKey = keyPair();
		try {
			X509Bundle authority = new CertificateBuilder().subject("CN=Message simulator on this machine")
				.notBefore(start)
				.notAfter(end)
				.keyPair(authorityKey)
				.setIsCertificateAuthority(true)
				.setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
				.addExtensionOctetString(SUBJECT_KEY_IDENTIFIER, false, subject(authorityKey))
				.buildSelfSigned();
			X509Bundle server = new CertificateBuilder().subject("CN=api.twilio.com")
				.notBefore(start)
				.notAfter(end)
				.keyPair(serverKey)
				.setKeyUsage(true, KeyUsage.digitalSignature)
				.addExtendedKeyUsageServerAuth()
				.addExtensionOctetString(SUBJECT_KEY_IDENTIFIER, false, subject(serverKey))
				.addExtensionOctetString(AUTHORITY_KEY_IDENTIFIER, false, authority(authorityKey))
				.addExtensionOctetString(ALTERNATIVE_NAMES, false, alternativeNames())
				.buildIssuedBy(authority);
			return new Made(authority.getCertificate(), server.getCertificate(), server.getPrivateKeyPEM());
		}
		catch (GeneralSecurityException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new GeneralSecurityException(ex);
		}
	}

	private static KeyPair keyPair() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		return generator.generateKeyPair();
	}

	/** RFC 5280, 4.2.1.2: an octet string. */
	private static byte[] subject(KeyPair key) throws GeneralSecurityException {
		return tagged(0x04, identifier(key));
	}

	/** RFC 5280, 4.2.1.1: a sequence of the identifier with tag 0. */
	private static byte[] authority(KeyPair key) throws GeneralSecurityException {
		return tagged(0x30, tagged(0x80, identifier(key)));
	}

	/** RFC 5280, 4.2.1.6; the builder's own method knows no wildcard. */
	private static byte[] alternativeNames() {
		ByteArrayOutputStream names = new ByteArrayOutputStream();
		Stream.concat(NAMES.stream(), REGIONS.stream().flatMap(CertificateMaker::namesIn))
			.forEach((name) -> names.writeBytes(tagged(0x82, name.getBytes(StandardCharsets.US_ASCII))));
		ADDRESSES
			.forEach((address) -> names.writeBytes(tagged(0x87, NetUtil.createByteArrayFromIpAddressString(address))));
		return tagged(0x30, names.toByteArray());
	}

	/** A wildcard stands for one label. */
	private static Stream<String> namesIn(String region) {
		return Stream.concat(Stream.of("*." + region + ".twilio.com"),
				EDGES.stream().map((edge) -> "*." + edge + "." + region + ".twilio.com"));
	}

	private static byte[] identifier(KeyPair key) throws GeneralSecurityException {
		return MessageDigest.getInstance("SHA-1").digest(key.getPublic().getEncoded());
	}

	/** Content of less than 65,536 bytes with its tag and length. */
	private static byte[] tagged(int tag, byte[] content) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(tag);
		if (content.length < 0x80) {
			out.write(content.length);
		}
		else {
			// The number of bytes that the length takes, and the length.
			out.writeBytes(new byte[] { (byte) 0x82, (byte) (content.length >> 8), (byte) content.length });
		}
		out.writeBytes(content);
		return out.toByteArray();
	}

	/**
	 * What was made.
	 *
	 * @param authority the authority's certificate
	 * @param certificate the server's certificate
	 * @param key the server's key, PEM
	 */
	record Made(X509Certificate authority, X509Certificate certificate, String key) {

		@Override
		public String toString() {
			return "Made[" + this.certificate.getSerialNumber() + "]";
		}

	}

}

package io.github.twiliospring.messaging.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Computes {@code X-Twilio-Signature}: Base64 of HMAC-SHA1, keyed with the auth token,
 * over the URL followed by each form parameter, sorted by name, as name and value with
 * nothing between. Values of a repeated parameter are deduplicated, then sorted. Source:
 * the provider's page "Validating Requests are coming from Twilio".
 * <p>
 * Works on raw strings: nothing of the URL is decoded or normalised; the provider leaves
 * out user name and password (same page, "A few notes"). Thread-safe, never blocks.
 */
public final class RequestSigner {

	/** The header that carries the signature. */
	public static final String SIGNATURE_HEADER = "X-Twilio-Signature";

	/** The query parameter that carries the digest of a body that isn't a form. */
	public static final String BODY_DIGEST_PARAMETER = "bodySHA256";

	private static final String ALGORITHM = "HmacSHA1";

	// What a status update needs with room to spare.
	private static final int CANONICAL_LENGTH = 1024;

	private final SecretKeySpec key;

	// Cloning a keyed Mac costs a tenth of looking one up and keying it. The first
	// request
	// makes it: the JDK's cryptography takes a good part of a start.
	private volatile @Nullable Mac keyed;

	/**
	 * Signs with one token.
	 * @param authToken the account's auth token, not empty
	 */
	public RequestSigner(String authToken) {
		if (authToken.isEmpty()) {
			throw new IllegalArgumentException("The auth token must not be empty");
		}
		this.key = new SecretKeySpec(authToken.getBytes(StandardCharsets.UTF_8), ALGORITHM);
	}

	/**
	 * Signs a form request, or one without a body.
	 * @param url the URL as it's called: scheme, host, port if given, path, raw query;
	 * user name and password, and a fragment, aren't signed
	 * @param parameters the decoded form parameters with all their values
	 * @return the signature, Base64
	 */
	public String sign(String url, Map<String, List<String>> parameters) {
		return Base64.getEncoder().encodeToString(digest(signedPart(url), canonical(parameters)));
	}

	/**
	 * Signs a request whose body is no form: the URL alone, which has to carry
	 * {@value #BODY_DIGEST_PARAMETER}.
	 * @param url the URL as it's called
	 * @return the signature, Base64
	 */
	public String sign(String url) {
		return sign(url, Map.of());
	}

	/**
	 * The digest for {@value #BODY_DIGEST_PARAMETER}.
	 * @param body the raw body
	 * @return SHA-256, lower-case hexadecimal
	 */
	public static String bodyDigest(byte[] body) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This JVM lacks SHA-256", ex);
		}
	}

	static String signedPart(String url) {
		int fragment = url.indexOf('#');
		String address = (fragment >= 0) ? url.substring(0, fragment) : url;
		int scheme = address.indexOf("://");
		int at = (scheme >= 0) ? address.indexOf('@', scheme) : -1;
		if (at < 0) {
			return address;
		}
		int authority = scheme + 3;
		int end = authority;
		while (end < address.length() && "/?".indexOf(address.charAt(end)) < 0) {
			end++;
		}
		int host = address.lastIndexOf('@', end - 1) + 1;
		return (host > authority) ? address.substring(0, authority) + address.substring(host) : address;
	}

	static byte[] canonical(Map<String, List<String>> parameters) {
		List<Map.Entry<String, List<String>>> sorted = new ArrayList<>(parameters.entrySet());
		sorted.sort(Map.Entry.comparingByKey());
		StringBuilder canonical = new StringBuilder(CANONICAL_LENGTH);
		for (Map.Entry<String, List<String>> parameter : sorted) {
			List<String> values = parameter.getValue();
			for (String value : (values.size() == 1) ? values : new TreeSet<>(values)) {
				canonical.append(parameter.getKey()).append(value);
			}
		}
		return canonical.toString().getBytes(StandardCharsets.UTF_8);
	}

	private Mac keyed() {
		Mac present = this.keyed;
		if (present == null) {
			try {
				present = Mac.getInstance(ALGORITHM);
				present.init(this.key);
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException("This JVM lacks " + ALGORITHM, ex);
			}
			this.keyed = present;
		}
		return present;
	}

	byte[] digest(String url, byte[] canonical) {
		try {
			Mac mac = (Mac) keyed().clone();
			mac.update(url.getBytes(StandardCharsets.UTF_8));
			return mac.doFinal(canonical);
		}
		catch (CloneNotSupportedException ex) {
			throw new IllegalStateException("The security provider of " + ALGORITHM + " can't clone its state", ex);
		}
	}

}

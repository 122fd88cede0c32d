package io.github.twiliospring.messaging.signature;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request was signed by the provider. Several tokens may be valid at
 * once, while one is being replaced by another.
 * <p>
 * The provider isn't consistent about the port, nor about a quote in the query: a URL
 * with a port is accepted as it was called and without the port, one without a port also
 * with {@code :443} or {@code :80}, and either with {@code '} and with {@code %27}.
 * Source: the validators of the provider's own libraries. An empty query at the end of
 * the URL, {@code ?} alone, may have been signed or not. User name and password aren't
 * signed. Everything else is compared as it stands. A malformed header is an invalid
 * signature, never an exception. Thread-safe, never blocks, compares in constant time.
 */
public final class RequestValidator {

	private static final int SIGNATURE_BYTES = 20;

	private final List<RequestSigner> signers;

	/**
	 * Accepts what any of these tokens signed.
	 * @param authTokens at least one token, none empty
	 */
	public RequestValidator(List<String> authTokens) {
		if (authTokens.isEmpty()) {
			throw new IllegalArgumentException("At least one auth token is needed to verify a request");
		}
		this.signers = authTokens.stream().map(RequestSigner::new).toList();
	}

	/**
	 * Verifies a form request, or one without a body.
	 * @param url the URL that the provider called, with its raw query
	 * @param parameters the decoded form parameters with all their values
	 * @param signature the header's value, or {@code null} if it's missing
	 * @return whether one of the tokens made this signature
	 */
	public boolean isValid(String url, Map<String, List<String>> parameters, @Nullable String signature) {
		byte[] given = decode(signature);
		if (given == null) {
			return false;
		}
		byte[] canonical = RequestSigner.canonical(parameters);
		String called = RequestSigner.signedPart(url);
		if (isSigned(called, canonical, given)) {
			return true;
		}
		// Other spellings are made only for the few requests that need one.
		for (String candidate : otherSpellings(called)) {
			if (isSigned(candidate, canonical, given)) {
				return true;
			}
		}
		return false;
	}

	private boolean isSigned(String url, byte[] canonical, byte[] given) {
		boolean valid = false;
		for (RequestSigner signer : this.signers) {
			valid |= MessageDigest.isEqual(given, signer.digest(url, canonical));
		}
		return valid;
	}

	/**
	 * Verifies a request whose body is no form: the URL is signed alone, and its
	 * {@code bodySHA256} parameter must be the digest of the body.
	 * @param url the URL that the provider called, with its raw query
	 * @param body the raw body
	 * @param signature the header's value, or {@code null} if it's missing
	 * @return whether one of the tokens made this signature and the body is the one that
	 * it covers
	 */
	public boolean isValid(String url, byte[] body, @Nullable String signature) {
		String digest = bodyDigestOf(RequestSigner.signedPart(url));
		return digest != null
				&& MessageDigest.isEqual(digest.getBytes(StandardCharsets.US_ASCII),
						RequestSigner.bodyDigest(body).getBytes(StandardCharsets.US_ASCII))
				&& isValid(url, Map.of(), signature);
	}

	private static byte @Nullable [] decode(@Nullable String signature) {
		if (signature == null) {
			return null;
		}
		try {
			byte[] bytes = Base64.getDecoder().decode(signature);
			// A second spelling of the same bytes is a malformed header, too.
			boolean canonical = bytes.length == SIGNATURE_BYTES
					&& Base64.getEncoder().encodeToString(bytes).equals(signature);
			return canonical ? bytes : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static @Nullable String bodyDigestOf(String url) {
		int query = url.indexOf('?');
		if (query < 0) {
			return null;
		}
		String prefix = RequestSigner.BODY_DIGEST_PARAMETER + "=";
		String found = null;
		for (String parameter : url.substring(query + 1).split("&")) {
			if (parameter.startsWith(prefix)) {
				if (found != null) {
					return null;
				}
				found = parameter.substring(prefix.length());
			}
		}
		return found;
	}

	private static Set<String> otherSpellings(String url) {
		Set<String> candidates = new LinkedHashSet<>();
		List<String> variants = new ArrayList<>(portVariants(url));
		if (url.endsWith("?") && url.indexOf('?') == url.length() - 1) {
			variants.addAll(portVariants(url.substring(0, url.length() - 1)));
		}
		for (String port : variants) {
			candidates.add(port);
			int query = port.indexOf('?');
			if (query >= 0) {
				String path = port.substring(0, query);
				String rest = port.substring(query);
				candidates.add(path + rest.replace("'", "%27"));
				candidates.add(path + rest.replace("%27", "'"));
			}
		}
		candidates.remove(url);
		return candidates;
	}

	// Whoever signed without a port named none, so that's no proof of another one: only
	// what
	// the same account was told to call at this path of this host can come here in its
	// stead.
	private static List<String> portVariants(String url) {
		int authority = url.indexOf("://") + 3;
		if (authority < 3) {
			return List.of(url);
		}
		int end = authority;
		while (end < url.length() && "/?".indexOf(url.charAt(end)) < 0) {
			end++;
		}
		String head = url.substring(0, end);
		String tail = url.substring(end);
		int host = Math.max(authority, head.lastIndexOf(']') + 1);
		int port = head.indexOf(':', host);
		String other = (port >= 0) ? head.substring(0, port)
				: head + (url.regionMatches(true, 0, "https:", 0, 6) ? ":443" : ":80");
		return List.of(url, other + tail);
	}

}

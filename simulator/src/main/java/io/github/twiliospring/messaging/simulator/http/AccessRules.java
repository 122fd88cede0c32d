package io.github.twiliospring.messaging.simulator.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * Whose requests come in. Nothing here asks for a password, so that a browser on this
 * machine would let any page in the world in: by a name of its own that leads to this
 * machine (DNS rebinding), which could read the answers, or by a form that it posts here.
 * Clients that are no browser pass. Immutable.
 */
public final class AccessRules {

	private static final Pattern NAME = Pattern.compile("[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?");

	private static final Pattern PORT = Pattern.compile("(?::[0-9]{1,5})?");

	private static final Set<String> SAFE_SITES = Set.of("none", "same-origin");

	private final Set<String> allowedHosts;

	/**
	 * Rules with more names than the usual ones.
	 * @param allowedHosts host names, lower case
	 */
	public AccessRules(Set<String> allowedHosts) {
		this.allowedHosts = Set.copyOf(allowedHosts);
	}

	/**
	 * Makes sure that something can be a host name.
	 * @param name the name
	 * @return the name in lower case
	 * @throws IllegalArgumentException if it can't
	 */
	public static String checkName(String name) {
		String lower = name.strip().toLowerCase(Locale.ROOT);
		if (!NAME.matcher(lower).matches()) {
			throw new IllegalArgumentException(
					"An allowed host is a name such as 'simulator', without scheme and port, not '" + name + "'");
		}
		return lower;
	}

	/**
	 * Why a request may not come in because of the host that it's addressed to. One
	 * without a host comes from no browser.
	 * @param request the request
	 * @return a sentence that says what to do, or {@code null} if it may
	 */
	public @Nullable String foreignHost(Request request) {
		String host = request.header("host");
		if (host == null) {
			return null;
		}
		String name = name(host.toLowerCase(Locale.ROOT));
		if (name != null && isAllowed(name)) {
			return null;
		}
		String shown = (name != null && NAME.matcher(name).matches()) ? name : "NAME";
		return "This simulator isn't known by the host name of the request; if it's meant to be, start it with --allowed-host="
				+ shown + " (twilio.simulator.allowed-hosts in an application), otherwise use 127.0.0.1 or localhost";
	}

	/**
	 * Why a request may not come in because a page from elsewhere made it.
	 * @param request the request
	 * @return a sentence that says what to do, or {@code null} if it may
	 */
	public static @Nullable String foreignPage(Request request) {
		String origin = request.header("origin");
		String site = request.header("sec-fetch-site");
		String own = (request.isSecure() ? "https://" : "http://") + request.header("host");
		if ((origin == null || origin.equalsIgnoreCase(own)) && (site == null || SAFE_SITES.contains(site))) {
			return null;
		}
		return "A page from elsewhere may not use this simulator; call it from a server or a command line, or use its own page";
	}

	private boolean isAllowed(String name) {
		return name.equals("localhost") || name.endsWith(".localhost") || name.equals("twilio.com")
				|| name.endsWith(".twilio.com") || this.allowedHosts.contains(name) || NetUtil.isValidIpV4Address(name)
				|| NetUtil.isValidIpV6Address(name);
	}

	/** The name or address without port and brackets, or {@code null} for neither. */
	private static @Nullable String name(String host) {
		if (host.startsWith("[")) {
			int end = host.indexOf(']');
			String address = (end > 0) ? host.substring(1, end) : "";
			return (NetUtil.isValidIpV6Address(address) && isPort(host.substring(end + 1))) ? address : null;
		}
		int colon = host.indexOf(':');
		String name = (colon >= 0) ? host.substring(0, colon) : host;
		if (name.endsWith(".")) {
			name = name.substring(0, name.length() - 1);
		}
		return (isPort(host.substring((colon >= 0) ? colon : host.length())) && NAME.matcher(name).matches()) ? name
				: null;
	}

	private static boolean isPort(String text) {
		return PORT.matcher(text).matches();
	}

}

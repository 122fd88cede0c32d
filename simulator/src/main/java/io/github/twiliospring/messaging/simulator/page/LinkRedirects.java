package io.github.twiliospring.messaging.simulator.page;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.engine.LinkClicks;
import io.github.twiliospring.messaging.simulator.engine.Timeline;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;

/**
 * Leads from shortened links to where they go. Safe on any thread.
 */
public final class LinkRedirects implements Function<Request, Response> {

	private static final Pattern PATH = Pattern.compile("/[0-9a-f]{10}");

	private final Timeline timeline;

	/**
	 * The links of a simulator.
	 * @param timeline the way to its world
	 */
	public LinkRedirects(Timeline timeline) {
		this.timeline = timeline;
	}

	/**
	 * Whether a request may be for a link.
	 * @param request the request
	 * @return {@code true} if so
	 */
	public static boolean serves(Request request) {
		return PATH.matcher(request.path()).matches();
	}

	@Override
	public Response apply(Request request) {
		boolean look = "HEAD".equals(request.method());
		if (!look && !"GET".equals(request.method())) {
			return Response.text(405, "Only GET, HEAD").with("Allow", "GET, HEAD");
		}
		String code = request.path().substring(1);
		String userAgent = request.header("user-agent");
		return this.timeline.call((world) -> {
			String target = look ? LinkClicks.target(world, code)
					: LinkClicks.follow(world, code, (userAgent != null) ? userAgent : "");
			return (target != null)
					? Response.empty(302).with("Location", ascii(target)).with("Cache-Control", "no-store")
					: Response.text(404, "No message has this link");
		});
	}

	/** A header holds no other characters; a browser takes them percent-encoded. */
	private static String ascii(String url) {
		StringBuilder ascii = new StringBuilder();
		for (byte each : url.getBytes(StandardCharsets.UTF_8)) {
			ascii.append((each > ' ' && each < 0x7f) ? Character.toString(each)
					: "%" + HexFormat.of().withUpperCase().toHexDigits(each));
		}
		return ascii.toString();
	}

}

package io.github.twiliospring.messaging.simulator.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;

/**
 * Serves the page's files, and nothing else. Safe on any thread.
 */
public final class PageFiles implements Function<Request, Response> {

	private static final Set<String> SCRIPTS = Set.of("api.js", "app.js", "clock.js", "copy.js", "detail.js",
			"dialogs.js", "forms.js", "keys.js", "links.js", "list.js", "log.js", "media.js", "stream.js",
			"templates.js", "view.js");

	private static final Map<String, String> TYPES = Map.of("index.html", "text/html; charset=utf-8", "style.css",
			"text/css; charset=utf-8", "icon.svg", "image/svg+xml");

	private static final String PREFIX = "/page/";

	private final Map<String, byte[]> files = new ConcurrentHashMap<>();

	/**
	 * Reads a file when it is asked for first.
	 */
	public PageFiles() {
	}

	@Override
	public Response apply(Request request) {
		String name = request.path().equals("/") ? "index.html"
				: request.path().startsWith(PREFIX) ? request.path().substring(PREFIX.length()) : "";
		String type = SCRIPTS.contains(name) ? "text/javascript; charset=utf-8" : TYPES.get(name);
		if (type == null) {
			return Response.text(404, "Nothing here: " + request.path());
		}
		if (!"GET".equals(request.method())) {
			return Response.text(405, "Only GET").with("Allow", "GET");
		}
		return Response.of(200, type, this.files.computeIfAbsent(name, PageFiles::read))
			.with("Cache-Control", "no-cache")
			.with("Content-Security-Policy",
					"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
			.with("X-Content-Type-Options", "nosniff");
	}

	private static byte[] read(String name) {
		String path = "/io/github/twiliospring/messaging/simulator/page/" + name;
		try (InputStream stream = PageFiles.class.getResourceAsStream(path)) {
			if (stream == null) {
				throw new IllegalStateException("The page's file " + name + " is missing");
			}
			return stream.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

package io.github.twiliospring.messaging.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the Message API that knows nothing but HTTP.
 */
final class ApiClient {

	static final String TO = "+15558675310";

	static final String FROM = "+15017122661";

	static final String SERVICE = "MG0123456789abcdef0123456789abcdef";

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

	private final URI base;

	private final String accountSid;

	private final String authorization;

	ApiClient(TwilioSimulator simulator) {
		this(simulator.baseUrl(), simulator.accountSid(), simulator.accountSid(), simulator.authToken());
	}

	ApiClient(URI base, String accountSid, String user, String password) {
		this.base = base;
		this.accountSid = accountSid;
		this.authorization = "Basic "
				+ Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
	}

	String accountPath() {
		return "/2010-04-01/Accounts/" + this.accountSid;
	}

	/** Sends a text from FROM to TO with more parameters. */
	Answer send(String... nameValuePairs) {
		String[] all = new String[6 + nameValuePairs.length];
		String[] usual = { "To", TO, "From", FROM, "Body", "Hi" };
		System.arraycopy(usual, 0, all, 0, 6);
		System.arraycopy(nameValuePairs, 0, all, 6, nameValuePairs.length);
		return create(all);
	}

	Answer create(String... nameValuePairs) {
		return post("/Messages.json", nameValuePairs);
	}

	Answer fetch(String sid) {
		return get("/Messages/" + sid + ".json");
	}

	Answer get(String path) {
		return exchange(request(path).GET());
	}

	Answer delete(String path) {
		return exchange(request(path).DELETE());
	}

	Answer post(String path, String... nameValuePairs) {
		return postRaw(path, form(nameValuePairs));
	}

	Answer postRaw(String path, String body) {
		return exchange(request(path).header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString(body)));
	}

	Answer exchange(HttpRequest.Builder request) {
		try {
			return new Answer(this.http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A request to the account's resources, or to an absolute path. */
	HttpRequest.Builder request(String path) {
		boolean absolute = path.startsWith("/2010") || path.startsWith("/simulator");
		return HttpRequest.newBuilder(this.base.resolve(absolute ? path : accountPath() + path))
			.header("Authorization", this.authorization);
	}

	static String form(String... nameValuePairs) {
		StringBuilder form = new StringBuilder();
		for (int i = 0; i < nameValuePairs.length; i += 2) {
			form.append((i > 0) ? "&" : "")
				.append(URLEncoder.encode(nameValuePairs[i], StandardCharsets.UTF_8))
				.append('=')
				.append(URLEncoder.encode(nameValuePairs[i + 1], StandardCharsets.UTF_8));
		}
		return form.toString();
	}

	record Answer(HttpResponse<String> response) {

		int status() {
			return this.response.statusCode();
		}

		JsonNode json() {
			return MAPPER.readTree(this.response.body());
		}

		String text(String name) {
			return json().path(name).asString();
		}

		String sid() {
			return text("sid");
		}

	}

}

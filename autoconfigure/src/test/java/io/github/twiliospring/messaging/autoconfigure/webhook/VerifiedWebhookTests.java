package io.github.twiliospring.messaging.autoconfigure.webhook;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.twiliospring.messaging.autoconfigure.webhook.WebhookApplication.Server;
import io.github.twiliospring.messaging.signature.RequestSigner;
import io.github.twiliospring.messaging.webhook.VerifiedWebhook;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.UrlHandlerFilter;
import org.springframework.web.server.WebFilter;

import static io.github.twiliospring.messaging.autoconfigure.webhook.WebhookClient.sign;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application's own endpoints, verified.
 */
class VerifiedWebhookTests {

	private final WebhookClient client = new WebhookClient();

	@ParameterizedTest
	@EnumSource(Server.class)
	void letsGenuineRequestsAloneThroughToAnnotatedMethodsAndConfiguredPaths(Server server) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Voice.class,
				"twilio.messaging.webhook.verified-paths=/listed/**")) {
			String base = "http://localhost:" + application.port();
			takesAForm(base + "/voice/7");
			takesJson(base + "/json");
			assertThat(get(base + "/voice/7?a=b", sign(base + "/voice/7?a=b", ""))).isEqualTo("read 7");
			assertThat(get(base + "/voice/7", sign(base + "/voice/8", ""))).startsWith("The signature");
			assertThat(get(base + "/listed/x", "")).startsWith("The signature");
			assertThat(get(base + "/listed/x", sign(base + "/listed/x", ""))).isEqualTo("listed");
			assertThat(get(base + "/open", "")).isEqualTo("open");
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void refusesForgedRequestsAheadOfSpringSecurityAndLeavesTheRestToIt(Server server) {
		try (WebhookApplication application = WebhookApplication.start(server, true, Voice.class)) {
			String url = "http://localhost:" + application.port() + "/voice/7";
			assertThat(this.client.post(url, "Digits=1", Map.of(), "x").body()).startsWith("The signature");
			HttpResponse<String> genuine = this.client.post(url, "Digits=1", Map.of(), sign(url, "Digits=1"));
			assertThat(genuine.statusCode()).isIn(401, 403);
			assertThat(genuine.body()).doesNotContain("The signature");
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void refusesAtTheMethodWhatAFilterOrAForwardBringsThereUnverified(Server server) {
		Class<?> rewriting = (server != Server.NETTY) ? ServletRewriting.class : ReactiveRewriting.class;
		try (WebhookApplication application = WebhookApplication.start(server, false, rewriting)) {
			String base = "http://localhost:" + application.port();
			Map<String, String> type = Map.of("Content-Type", "application/json");
			for (String path : rewriting == ServletRewriting.class ? new String[] { "/json/", "/forward" }
					: new String[] { "/json/" }) {
				HttpResponse<String> answer = this.client.post(base + path, "{}", type, "x");
				assertThat(answer.statusCode()).as(path).isEqualTo(403);
				assertThat(answer.body()).as(path).doesNotContain("got").contains("not verified");
			}
			takesJson(base + "/json");
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void verifiesEverySpellingOfAPathThatReachesTheMethod(Server server) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Voice.class,
				"twilio.messaging.webhook.verified-paths=/listed/**")) {
			String base = "http://localhost:" + application.port();
			for (String path : List.of("/voice/7;x=y", "/voice;x=y/7", "/%76oice/7", "//voice/7", "/voice//7",
					"/./voice/7", "/open/../voice/7", "/open/%2e%2e/voice/7", "/voice%2F7", "/voice/7/", "/voice/7%20",
					"/VOICE/7", "/listed/x;y=z", "/listed;y=z/x", "/%6Cisted/x", "//listed/x", "/open/..;/listed/x")) {
				String answer = get(base + path, "x");
				assertThat(answer).as(path).isNotEqualTo("listed").doesNotStartWith("read");
				assertThat(this.client.post(base + path, "Digits=1&From=x", Map.of(), "x").body()).as(path)
					.doesNotContain(" of ");
			}
			String spelled = base + "/%76oice;x=y/7";
			assertThat(get(spelled, sign(spelled, ""))).isEqualTo("read 7");
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT,server.servlet.context-path", "JETTY,server.servlet.context-path",
			"NETTY,spring.webflux.base-path", "TOMCAT,spring.mvc.servlet.path", "JETTY,spring.mvc.servlet.path" })
	void verifiesBelowBasePathsToo(Server server, String property) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Voice.class,
				property + "=/shop")) {
			String url = "http://localhost:" + application.port() + "/shop/voice/7";
			assertThat(get(url, "x")).startsWith("The signature");
			assertThat(get(url, sign(url, ""))).isEqualTo("read 7");
		}
	}

	@ParameterizedTest
	@EnumSource(Server.class)
	void givesTheMethodTheRequestAsItCame(Server server) {
		try (WebhookApplication application = WebhookApplication.start(server, false, Voice.class)) {
			String url = "http://localhost:" + application.port() + "/raw?q=%C3%A9";
			String form = "a=%C3%A9+b&c";
			// WebFlux gives a form to no argument that asks for the raw body.
			Map<String, String> zipped = Map.of("Content-Encoding", "gzip");
			for (Map<String, String> headers : (server != Server.NETTY) ? List.of(Map.<String, String>of(), zipped)
					: List.<Map<String, String>>of()) {
				assertThat(this.client.post(url, form, headers, sign(url, form)).body()).as("bytes, as they came")
					.isEqualTo(form);
			}
			String later = url.replace("raw", "later");
			assertThat(this.client.post(later, "a=%C3%A9+b", Map.of(), sign(later, "a=%C3%A9+b")).body())
				.as("answered later")
				.isEqualTo("later");
			for (String type : List.of("multipart/form-data; boundary=x", " Multipart/Mixed;boundary=x")) {
				assertThat(this.client.post(url, "--x--", Map.of("Content-Type", type), sign(url, "")).statusCode())
					.isEqualTo(415);
			}
		}
	}

	// The actuator brings handler mappings of its own, and with a port of its own a
	// second
	// context; that doesn't start on WebFlux where Tomcat and Netty are on the class
	// path.
	@ParameterizedTest
	@CsvSource({ "TOMCAT,", "TOMCAT,0", "JETTY,", "JETTY,0", "NETTY," })
	void callsTheMethodBesideTheActuator(Server server, String managementPort) {
		String port = (managementPort != null) ? managementPort : "";
		try (WebhookApplication application = WebhookApplication.start(server, false, Voice.class,
				"management.endpoints.web.exposure.include=*", "management.server.port=" + port)) {
			takesJson("http://localhost:" + application.port() + "/json");
			String actuator = "http://localhost:" + application.managementPort() + "/actuator/twiliohandlers";
			assertThat(get(actuator, "")).contains("statusCallbackUrl");
		}
	}

	private void takesAForm(String url) {
		String form = "Digits=1+2&From=%2B15558675310&Digits=3";
		HttpResponse<String> answer = this.client.post(url, form, Map.of(), sign(url, form));
		assertThat(answer.body()).isEqualTo("7: 1 2 of +15558675310");
		assertThat(this.client.post(url, form.replace("1+2", "4"), sign(url, form))).isEqualTo(403);
		assertThat(this.client.post(url, form)).isEqualTo(403);
		String large = "Digits=" + "1".repeat(70_000);
		assertThat(this.client.post(url, large, sign(url, large))).isEqualTo(413);
	}

	private void takesJson(String url) {
		String json = "{\"property\": \"value\"}";
		String digest = RequestSigner.bodyDigest(json.getBytes(StandardCharsets.UTF_8));
		String signed = url + "?bodySHA256=" + digest;
		Map<String, String> type = Map.of("Content-Type", "application/json");
		assertThat(this.client.post(signed, json, type, sign(signed, "")).body()).isEqualTo("got " + json);
		assertThat(this.client.post(signed, json.replace("value", "other"), type, sign(signed, "")).statusCode())
			.as("bodySHA256 of another body")
			.isEqualTo(403);
		assertThat(this.client.post(signed, "", type, sign(signed, "")).statusCode()).as("the body taken away")
			.isEqualTo(403);
		for (String empty : List.of("", "&", "=", "&=&")) {
			assertThat(this.client.post(signed, empty, sign(signed, ""))).as("a form without names").isEqualTo(403);
		}
		assertThat(this.client.post(url, json, type, sign(url, "")).statusCode()).as("no bodySHA256").isEqualTo(403);
		String twice = signed + "&bodySHA256=" + digest;
		assertThat(this.client.post(twice, json, type, sign(twice, "")).statusCode()).isEqualTo(403);
	}

	private String get(String url, String signature) {
		return this.client
			.send(java.net.http.HttpRequest.newBuilder(java.net.URI.create(url))
				.header("X-Twilio-Signature", signature)
				.build())
			.body();
	}

	@Configuration(proxyBeanMethods = false)
	static class Voice {

		@Bean
		VoiceController voiceController() {
			return new VoiceController();
		}

		@Bean
		JsonController jsonController() {
			return new JsonController();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(JsonController.class)
	static class ServletRewriting {

		@Bean
		FilterRegistrationBean<UrlHandlerFilter> trailingSlash() {
			return new FilterRegistrationBean<>(UrlHandlerFilter.trailingSlashHandler("/**").wrapRequest().build());
		}

		@Bean
		ForwardController forwardController() {
			return new ForwardController();
		}

	}

	@Controller
	static class ForwardController {

		@PostMapping("/forward")
		String forward() {
			return "forward:/json";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(JsonController.class)
	static class ReactiveRewriting {

		@Bean
		WebFilter trailingSlash() {
			return org.springframework.web.filter.reactive.UrlHandlerFilter.trailingSlashHandler("/**")
				.mutateRequest()
				.build();
		}

	}

	@RestController
	static class VoiceController {

		@VerifiedWebhook
		@PostMapping("/voice/{line}")
		String voice(@PathVariable String line, Call call) {
			return line + ": " + call.Digits()[0] + " of " + call.From();
		}

		@GetMapping("/voice/{line}")
		String read(@PathVariable String line) {
			return "read " + line;
		}

		@GetMapping("/listed/x")
		String listed() {
			return "listed";
		}

		@VerifiedWebhook
		@PostMapping("/raw")
		String raw(@RequestBody byte[] body) {
			return new String(body, StandardCharsets.UTF_8);
		}

		@VerifiedWebhook
		@PostMapping("/later")
		CompletionStage<String> later() {
			return CompletableFuture.supplyAsync(() -> "later");
		}

		@GetMapping("/open")
		String open() {
			return "open";
		}

	}

	record Call(String[] Digits, String From) {

	}

	@RestController
	@VerifiedWebhook
	static class JsonController {

		@PostMapping("/json")
		String json(@RequestBody String body) {
			return "got " + body;
		}

	}

}

package com.example.environment;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.BasicCredentials;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process of its own, with nothing on its class path but the starter and a class that
 * sends, and nothing in its environment but the provider's usual variables and where the
 * API is.
 */
class EnvironmentTests {

	private static final String ACCOUNT = "AC0123456789abcdef0123456789abcdef";

	private static final String TOKEN = "a-token-of-the-account";

	private static final String KEY = "SK0123456789abcdef0123456789abcdef";

	private static final String SECRET = "a-secret-of-the-key";

	private static final String CREATE = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json";

	private static final String SID = "SM0123456789abcdef0123456789abcdef";

	// What the module's tests need, and an application doesn't have.
	private static final Pattern OF_TESTS = Pattern.compile("test-classes|(wiremock|spring-boot-[a-z-]*test[a-z-]*"
			+ "|spring-test|junit-[a-z-]+|assertj-core|mockito-[a-z-]+|byte-buddy[a-z-]*|awaitility|json-path|jsonassert"
			+ "|hamcrest|xmlunit-core|jakarta.xml.bind-api|jakarta.activation-api|json-smart|accessors-smart|asm|opentest4j"
			+ "|apiguardian-api|objenesis|android-json)-[^/]*\\.jar");

	@RegisterExtension
	static final WireMockExtension api = WireMockExtension.newInstance().build();

	@TempDir
	private Path folder;

	@Test
	void sendsWithTheProvidersFourVariables() throws Exception {
		api.stubFor(post(CREATE).willReturn(okJson("{\"sid\":\"%s\",\"status\":\"queued\"}".formatted(SID))));
		Ended ended = run(Map.of("TWILIO_ACCOUNT_SID", ACCOUNT, "TWILIO_AUTH_TOKEN", TOKEN, "TWILIO_API_KEY", KEY,
				"TWILIO_API_SECRET", SECRET));
		assertThat(ended.output()).contains("Message[sid=" + SID).doesNotContain(TOKEN, SECRET);
		assertThat(ended.code()).isZero();
		verifySend(new BasicCredentials(KEY, SECRET));
	}

	@Test
	void sendsWithAccountAndToken() throws Exception {
		api.stubFor(post(CREATE).willReturn(okJson("{\"sid\":\"%s\",\"status\":\"queued\"}".formatted(SID))));
		Ended ended = run(Map.of("TWILIO_ACCOUNT_SID", ACCOUNT, "TWILIO_AUTH_TOKEN", TOKEN));
		assertThat(ended.output()).contains("Message[sid=" + SID);
		verifySend(new BasicCredentials(ACCOUNT, TOKEN));
	}

	@Test
	void namesTheVariableThatAKeyLacks() throws Exception {
		Ended ended = run(Map.of("TWILIO_ACCOUNT_SID", ACCOUNT, "TWILIO_AUTH_TOKEN", TOKEN, "TWILIO_API_KEY", KEY));
		assertRefused(ended, "TWILIO_API_SECRET");
	}

	@Test
	void namesTheVariableThatASecretLacks() throws Exception {
		Ended ended = run(
				Map.of("TWILIO_ACCOUNT_SID", ACCOUNT, "TWILIO_AUTH_TOKEN", TOKEN, "TWILIO_API_SECRET", SECRET));
		assertRefused(ended, "TWILIO_API_KEY");
	}

	@Test
	void refusesATokenWithALineBreak() throws Exception {
		Ended ended = run(Map.of("TWILIO_ACCOUNT_SID", ACCOUNT, "TWILIO_AUTH_TOKEN", TOKEN + "\n"));
		assertRefused(ended, "'twilio.auth-token' begins or ends with white space or a line break");
	}

	private static void verifySend(BasicCredentials credentials) {
		api.verify(1, anyRequestedFor(anyUrl()));
		api.verify(1, postRequestedFor(urlEqualTo(CREATE)).withBasicAuth(credentials)
			.withRequestBody(equalTo("To=%2B15558675310&From=%2B15017122661&Body=Your+table+is+ready")));
	}

	private static void assertRefused(Ended ended, String name) {
		assertThat(ended.output()).contains("APPLICATION FAILED TO START").contains(name).doesNotContain(TOKEN, SECRET);
		assertThat(ended.code()).isEqualTo(1);
		api.verify(0, anyRequestedFor(anyUrl()));
	}

	private Ended run(Map<String, String> variables) throws IOException, InterruptedException {
		Path output = this.folder.resolve("output.txt");
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Dstdout.encoding=UTF-8", "-XX:TieredStopAtLevel=1", "-cp", classPath(),
				EnvironmentApplication.class.getName())
			.directory(Files.createDirectories(this.folder.resolve("work")).toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		Map<String, String> environment = new HashMap<>(variables);
		environment.put("TWILIO_BASE_URL", api.baseUrl());
		builder.environment().clear();
		builder.environment().putAll(environment);
		Process process = builder.start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ended").isTrue();
			return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
		}
		finally {
			process.destroyForcibly();
		}
	}

	// The class alone, without this module's application.yml.
	private String classPath() throws IOException {
		String name = EnvironmentApplication.class.getName().replace('.', '/') + ".class";
		Path copy = this.folder.resolve("classes").resolve(name);
		Files.createDirectories(copy.getParent());
		try (InputStream original = EnvironmentApplication.class.getResourceAsStream("/" + name)) {
			Files.copy(original, copy);
		}
		return Stream
			.concat(Stream.of(this.folder.resolve("classes").toString()),
					Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
						.filter((entry) -> !OF_TESTS.matcher(Path.of(entry).getFileName().toString()).matches()))
			.collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * A process that has ended.
	 *
	 * @param code its exit code
	 * @param output what it printed
	 */
	private record Ended(int code, String output) {

	}

}

package io.github.twiliospring.messaging.benchmarks.send;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.type.PhoneNumber;
import io.github.twiliospring.messaging.MessagingTemplate;
import io.github.twiliospring.messaging.benchmarks.Fixtures;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The ways to send that are compared. All but the provider's library have a pool of 256
 * connections, so that none is held up by it.
 */
enum SendVariant {

	/** The starter in a Boot application without Actuator. */
	TEMPLATE("MessagingTemplate", (base) -> sender(StarterTemplate.unobserved(base, poolProperties()))),

	/** The starter in a Boot application with Actuator. */
	TEMPLATE_OBSERVED("MessagingTemplate, observed",
			(base) -> sender(StarterTemplate.observed(base, poolProperties()))),

	/** The code that the library replaces. */
	WEB_CLIENT("hand-written WebClient", (base) -> webClient(base, WebClient.builder())),

	/** The same with Boot's observation of its requests. */
	WEB_CLIENT_OBSERVED("hand-written WebClient, observed",
			(base) -> webClient(base, StarterTemplate.observedWebClient(base))),

	/** The least that a client on the same HTTP stack can do. */
	REACTOR_NETTY("raw Reactor Netty", SendVariant::reactorNetty),

	/** The provider's library as it comes. */
	PROVIDER("provider's library", SendVariant::provider);

	/** Size of the connection pools. */
	private static final int CONNECTIONS = 256;

	private static final JsonMapper JSON = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	private static final String PATH = "/2010-04-01/Accounts/" + Fixtures.ACCOUNT_SID + "/Messages.json";

	private final String title;

	private final Function<String, Sender> factory;

	SendVariant(String title, Function<String, Sender> factory) {
		this.title = title;
		this.factory = factory;
	}

	String title() {
		return this.title;
	}

	Sender create(String baseUrl) {
		return this.factory.apply(baseUrl);
	}

	private static Sender sender(MessagingTemplate template) {
		return new ReactiveSender((number) -> template.send(Fixtures.recipient(number), Fixtures.BODY));
	}

	private static Sender webClient(String baseUrl, WebClient.Builder builder) {
		WebClient client = builder.baseUrl(baseUrl)
			.clientConnector(new ReactorClientHttpConnector(httpClient()))
			.defaultHeaders((headers) -> headers.setBasicAuth(Fixtures.ACCOUNT_SID, Fixtures.AUTH_TOKEN))
			.build();
		return new ReactiveSender((number) -> client.post()
			.uri("/2010-04-01/Accounts/{sid}/Messages.json", Fixtures.ACCOUNT_SID)
			.body(BodyInserters.fromFormData("To", Fixtures.recipient(number))
				.with("From", Fixtures.FROM)
				.with("Body", Fixtures.BODY))
			.retrieve()
			.bodyToMono(SentMessage.class));
	}

	private static Sender reactorNetty(String baseUrl) {
		String credentials = Base64.getEncoder()
			.encodeToString((Fixtures.ACCOUNT_SID + ":" + Fixtures.AUTH_TOKEN).getBytes(StandardCharsets.UTF_8));
		HttpClient client = httpClient().baseUrl(baseUrl)
			.headers((headers) -> headers.set(HttpHeaderNames.AUTHORIZATION, "Basic " + credentials)
				.set(HttpHeaderNames.CONTENT_TYPE, "application/x-www-form-urlencoded"));
		return new ReactiveSender((number) -> client.post()
			.uri(PATH)
			.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(("To=" + encode(Fixtures.recipient(number)) + "&From="
					+ encode(Fixtures.FROM) + "&Body=" + encode(Fixtures.BODY))
				.getBytes(StandardCharsets.US_ASCII))))
			.responseSingle(
					(response, body) -> body.asByteArray().map((json) -> JSON.readValue(json, SentMessage.class))));
	}

	private static Sender provider(String baseUrl) {
		TwilioRestClient client = new TwilioRestClient.Builder(Fixtures.ACCOUNT_SID, Fixtures.AUTH_TOKEN)
			.httpClient(new RedirectedClient(baseUrl))
			.build();
		PhoneNumber from = new PhoneNumber(Fixtures.FROM);
		return new BlockingSender(
				(number) -> new MessageCreator(new PhoneNumber(Fixtures.recipient(number)), from, Fixtures.BODY)
					.create(client));
	}

	private static Map<String, Object> poolProperties() {
		return Map.of("twilio.messaging.client.pool.max-connections", CONNECTIONS);
	}

	// As Boot's connector makes it.
	private static HttpClient httpClient() {
		return HttpClient.create(ConnectionProvider.create("compared", CONNECTIONS))
			.compress(true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5000)
			.responseTimeout(Duration.ofSeconds(15));
	}

	private static String encode(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8);
	}

	/**
	 * What hand-written code would read: text, and no dates.
	 */
	record SentMessage(String sid, String status, String to, String from, String body, String direction,
			@Nullable @JsonProperty("account_sid") String accountSid,
			@Nullable @JsonProperty("messaging_service_sid") String messagingServiceSid,
			@Nullable @JsonProperty("num_segments") Integer segments,
			@Nullable @JsonProperty("num_media") Integer media, @Nullable String price,
			@Nullable @JsonProperty("price_unit") String priceUnit,
			@Nullable @JsonProperty("error_code") Integer errorCode,
			@Nullable @JsonProperty("error_message") String errorMessage,
			@Nullable @JsonProperty("date_created") String created,
			@Nullable @JsonProperty("date_updated") String updated, @Nullable @JsonProperty("date_sent") String sent,
			@Nullable String uri, @Nullable @JsonProperty("subresource_uris") Map<String, String> subresourceUris) {

	}

	/**
	 * The library's own client, whose requests go to another host.
	 */
	private static final class RedirectedClient extends NetworkHttpClient {

		private final String baseUrl;

		RedirectedClient(String baseUrl) {
			this.baseUrl = baseUrl;
		}

		@Override
		public Response makeRequest(Request request) {
			Request redirected = new Request(request.getMethod(),
					request.getUrl().replace("https://api.twilio.com", this.baseUrl));
			redirected.setAuth(request.getAuthStrategy());
			redirected.setContentType(request.getContentType());
			redirected.setUserAgentExtensions(request.getUserAgentExtensions());
			request.getPostParams()
				.forEach((name, values) -> values.forEach((value) -> redirected.addPostParam(name, value)));
			request.getHeaderParams()
				.forEach((name, values) -> values.forEach((value) -> redirected.addHeaderParam(name, value)));
			return super.makeRequest(redirected);
		}

	}

}

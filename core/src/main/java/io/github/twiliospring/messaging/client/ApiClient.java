package io.github.twiliospring.messaging.client;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import io.github.twiliospring.messaging.error.ApiError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunctions;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientException;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.util.DefaultUriBuilderFactory;

/**
 * Makes single attempts over HTTP and says what is known after each. Thread-safe, never
 * blocks; outcomes arrive on the connector's threads.
 */
public final class ApiClient {

	private static final Log logger = LogFactory.getLog(ApiClient.class);

	private static final String REQUEST_ID = "Twilio-Request-Id";

	private static final String ACCOUNT_PATH = "/2010-04-01/Accounts/";

	private static final String MESSAGES = "/Messages.json";

	private static final String ACCOUNT = ACCOUNT_PATH + "{AccountSid}";

	// A page of a thousand messages takes some four megabytes.
	private static final int ANSWER_LIMIT = 8 * 1024 * 1024;

	static final String URI_TEMPLATE = WebClient.class.getName() + ".uriTemplate";

	private static final String NEXT_PAGE = "/2010-04-01/Accounts/{AccountSid}/{next_page_uri}";

	private static final DefaultUriBuilderFactory URIS = new DefaultUriBuilderFactory();

	private static final int TOO_MANY_REQUESTS = 429;

	static final int REQUEST_TIMEOUT = 408;

	private static final int SERVICE_UNAVAILABLE = 503;

	private final WebClient webClient;

	private final ApiAccess access;

	// To make a URI costs as much as to encode the form, and the send's is always the
	// same.
	private final URI messages;

	private final String authorization;

	private final Clock clock;

	private final boolean serviceUnavailableIsUnprocessed;

	private ApiClient(WebClient webClient, ApiAccess access, Clock clock, boolean serviceUnavailableIsUnprocessed) {
		this.webClient = webClient;
		this.access = access;
		this.authorization = "Basic " + Base64.getEncoder()
			.encodeToString((access.username() + ":" + access.password()).getBytes(StandardCharsets.UTF_8));
		this.clock = clock;
		this.serviceUnavailableIsUnprocessed = serviceUnavailableIsUnprocessed;
		this.messages = URIS.expand(origin() + ACCOUNT + MESSAGES, Map.of("AccountSid", access.accountSid()));
	}

	/**
	 * Calls through a connector.
	 * @param builder filters, observation and default headers; its connector and codecs
	 * aren't used. It's copied.
	 * @param connector the connector; it should follow no redirects and retry nothing
	 * @param access where the API is and who calls it
	 * @param clock what a Retry-After date is measured on
	 * @param serviceUnavailableIsUnprocessed whether a 503 counts as "surely not
	 * processed"
	 * @return the client
	 */
	public static ApiClient create(WebClient.Builder builder, ClientHttpConnector connector, ApiAccess access,
			Clock clock, boolean serviceUnavailableIsUnprocessed) {
		ExchangeStrategies strategies = ExchangeStrategies.builder()
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(ANSWER_LIMIT))
			.build();
		SingleExchangeConnector single = new SingleExchangeConnector(connector);
		if (!single.provesNotSent()) {
			logger.info("Requests go through " + connector.getClass().getName() + ", which can't prove that a request"
					+ " wasn't sent: only a 429 is repeated, and a failed connection is an unknown outcome."
					+ " With Reactor Netty on the class path more can be repeated safely");
		}
		WebClient webClient = builder.clone()
			.uriBuilderFactory(URIS)
			.exchangeFunction(ExchangeFunctions.create(single, strategies))
			.build();
		return new ApiClient(webClient, access, clock, serviceUnavailableIsUnprocessed);
	}

	/**
	 * The same client for another account.
	 * @param accountSid the account in the path
	 * @return a client with the same connections and credentials
	 */
	public ApiClient forAccount(String accountSid) {
		return new ApiClient(this.webClient, this.access.forAccount(accountSid), this.clock,
				this.serviceUnavailableIsUnprocessed);
	}

	/**
	 * The account in the path.
	 * @return its SID
	 */
	public String accountSid() {
		return this.access.accountSid();
	}

	<T> Mono<Outcome<T>> attempt(ApiCall<T> call, AttemptGate gate) {
		URI uri = uri(call);
		return request(call, HiddenQuery.without(uri)).exchangeToMono((response) -> read(call, response))
			.onErrorResume((failure) -> Mono.just(failed(gate, failure)))
			.doOnCancel(gate::tryClose)
			.contextWrite((context) -> HiddenQuery.hide(uri, context.put(AttemptGate.KEY, gate)));
	}

	private URI uri(ApiCall<?> call) {
		if (isWholePath(call)) {
			return URI.create(origin() + call.path());
		}
		return MESSAGES.equals(call.path()) ? this.messages
				: URIS.uriString(origin() + ACCOUNT + call.path()).build(variables(call));
	}

	private static boolean isWholePath(ApiCall<?> call) {
		return call.path().startsWith(ACCOUNT_PATH);
	}

	private static String template(ApiCall<?> call) {
		if (isWholePath(call)) {
			return NEXT_PAGE;
		}
		int query = call.path().indexOf('?');
		return ACCOUNT + ((query < 0) ? call.path() : call.path().substring(0, query));
	}

	private <T> WebClient.RequestHeadersSpec<?> request(ApiCall<T> call, URI uri) {
		WebClient.RequestBodySpec request = this.webClient.method(call.method())
			.uri(uri)
			.attribute(URI_TEMPLATE, template(call));
		request.header(HttpHeaders.AUTHORIZATION, this.authorization).accept(MediaType.APPLICATION_JSON);
		byte[] form = call.form();
		return (form != null) ? request.contentType(MediaType.APPLICATION_FORM_URLENCODED).bodyValue(form) : request;
	}

	private Map<String, Object> variables(ApiCall<?> call) {
		Map<String, Object> variables = new HashMap<>(call.variables());
		variables.put("AccountSid", this.access.accountSid());
		return variables;
	}

	/**
	 * Reads bytes of a medium; see {@link MediaContent}.
	 */
	Flux<DataBuffer> content(String path, Map<String, String> variables) {
		URI uri = uri(ApiCall.of(Operation.MEDIA_CONTENT, HttpMethod.GET, path, variables, (body) -> body));
		return new MediaContent(this.webClient, this.access.baseUrl(), this.authorization).read(uri);
	}

	private String origin() {
		String origin = this.access.baseUrl().toString();
		return origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin;
	}

	private <T> Mono<Outcome<T>> read(ApiCall<T> call, ClientResponse response) {
		return DataBufferUtils.join(response.body(BodyExtractors.toDataBuffers()), ANSWER_LIMIT)
			.map((body) -> interpret(call, response, bytes(body)))
			.switchIfEmpty(Mono.fromSupplier(() -> interpret(call, response, new byte[0])))
			.onErrorResume((failure) -> Mono.just(brokenAnswer(response, failure)));
	}

	private static byte[] bytes(DataBuffer body) {
		byte[] bytes = new byte[body.readableByteCount()];
		body.read(bytes);
		DataBufferUtils.release(body);
		return bytes;
	}

	private <T> Outcome<T> interpret(ApiCall<T> call, ClientResponse response, byte[] body) {
		HttpStatusCode status = response.statusCode();
		if (status.is2xxSuccessful()) {
			try {
				return new Outcome.Accepted<>(call.reader().apply(body));
			}
			catch (RuntimeException ex) {
				return new Outcome.Unknown<>("HTTP %d whose answer can't be read".formatted(status.value()), null, null,
						ex);
			}
		}
		ApiError error = ResourceReader.apiError(status.value(), requestId(response), body);
		Duration retryAfter = retryAfter(response);
		return isDefinite(status.value()) ? new Outcome.Rejected<>(error, retryAfter)
				: new Outcome.Unknown<>(error.toString(), error, retryAfter, null);
	}

	// A status line alone is a definite no where no byte of the body could change it.
	private <T> Outcome<T> brokenAnswer(ClientResponse response, Throwable failure) {
		int status = response.statusCode().value();
		ApiError error = new ApiError(status, null, null, requestId(response));
		if (isDefinite(status)) {
			return new Outcome.Rejected<>(error, retryAfter(response));
		}
		return new Outcome.Unknown<>("HTTP %d whose answer broke off".formatted(status),
				response.statusCode().is2xxSuccessful() ? null : error, null, failure);
	}

	private @Nullable Duration retryAfter(ClientResponse response) {
		return RetryAfter.parse(response.headers().asHttpHeaders().getFirst(HttpHeaders.RETRY_AFTER), this.clock);
	}

	private boolean isDefinite(int status) {
		return (status >= 400 && status < 500 && status != REQUEST_TIMEOUT)
				|| (status == SERVICE_UNAVAILABLE && this.serviceUnavailableIsUnprocessed);
	}

	private static <T> Outcome<T> failed(AttemptGate gate, Throwable failure) {
		Throwable cause = withoutRequest(failure);
		return gate.tryClose() ? new Outcome.NotSent<>(cause)
				: new Outcome.Unknown<>("the answer was lost", null, null, cause);
	}

	// WebClient's own exceptions carry the request: its credentials, and numbers in the
	// URL.
	static Throwable withoutRequest(Throwable failure) {
		if (failure instanceof WebClientRequestException && failure.getCause() != null) {
			return failure.getCause();
		}
		return (failure instanceof WebClientException) ? new IOException(failure.getClass().getSimpleName()) : failure;
	}

	static @Nullable String requestId(ClientResponse response) {
		return response.headers().asHttpHeaders().getFirst(REQUEST_ID);
	}

	static boolean isRepeatable(ApiError error) {
		return error.httpStatus() == TOO_MANY_REQUESTS || isUnavailable(error);
	}

	static boolean isUnavailable(ApiError error) {
		return error.httpStatus() == SERVICE_UNAVAILABLE;
	}

}

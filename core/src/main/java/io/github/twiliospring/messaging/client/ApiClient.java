package io.github.twiliospring.messaging.client;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import io.github.twiliospring.messaging.error.MessagingException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ExchangeFunctions;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientException;
import org.springframework.web.util.DefaultUriBuilderFactory;

/**
 * Makes single attempts over HTTP and says what is known after each. Thread-safe, never
 * blocks; outcomes arrive on the connector's threads.
 */
public final class ApiClient {

	private static final Log logger = LogFactory.getLog(ApiClient.class);

	private static final String ACCOUNT_PATH = "/2010-04-01/Accounts/";

	private static final String MESSAGES = "/Messages.json";

	private static final String ACCOUNT = ACCOUNT_PATH + "{AccountSid}";

	static final String URI_TEMPLATE = WebClient.class.getName() + ".uriTemplate";

	private static final String NEXT_PAGE = "/2010-04-01/Accounts/{AccountSid}/{next_page_uri}";

	private static final DefaultUriBuilderFactory URIS = new DefaultUriBuilderFactory();

	private final WebClient webClient;

	private final Redirects redirects;

	private final ApiAccess access;

	// To make a URI costs as much as to encode the form, and the send's is always the
	// same.
	private final URI messages;

	private final String authorization;

	private final AnswerReader answers;

	private ApiClient(WebClient webClient, Redirects redirects, ApiAccess access, AnswerReader answers) {
		this.webClient = webClient;
		this.redirects = redirects;
		this.access = access;
		this.authorization = "Basic " + Base64.getEncoder()
			.encodeToString((access.username() + ":" + access.password()).getBytes(StandardCharsets.UTF_8));
		this.answers = answers;
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
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(AnswerReader.LIMIT))
			.build();
		SingleExchangeConnector single = new SingleExchangeConnector(connector);
		Redirects redirects = single.redirects();
		if (!single.provesNotSent()) {
			logger.info("Requests go through " + connector.getClass().getName() + ", which can't prove that a request"
					+ " wasn't sent: " + ((redirects == Redirects.NEVER) ? "only a 429 is" : "no message is")
					+ " repeated, and a failed connection is an unknown outcome."
					+ " With Reactor Netty on the class path more can be repeated safely");
		}
		if (redirects == Redirects.FOLLOWED) {
			logger.warn("The connector follows redirects, takes the credentials with it, and hides what became of a"
					+ " message: a refusal counts as an unknown outcome. Set it to Redirect.NEVER");
		}
		WebClient webClient = builder.clone()
			.uriBuilderFactory(URIS)
			.exchangeFunction(ExchangeFunctions.create(single, strategies))
			.build();
		return new ApiClient(webClient, redirects, access, new AnswerReader(clock, serviceUnavailableIsUnprocessed));
	}

	/**
	 * The same client for another account.
	 * @param accountSid the account in the path
	 * @return a client with the same connections and credentials
	 */
	public ApiClient forAccount(String accountSid) {
		return new ApiClient(this.webClient, this.redirects, this.access.forAccount(accountSid), this.answers);
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
		return request(call, HiddenQuery.without(uri))
			.exchangeToMono((response) -> this.answers.read(response.statusCode(), response.headers().asHttpHeaders(),
					response.body(BodyExtractors.toDataBuffers()), call.reader()))
			.map((outcome) -> this.redirects.judge(call.operation(), outcome))
			.onErrorResume((failure) -> Mono.just(failed(gate, failure)))
			.doOnCancel(gate::tryClose)
			.contextWrite((context) -> HiddenQuery.hide(uri, context.put(AttemptGate.KEY, gate)));
	}

	/**
	 * Opens the bytes of a medium; see {@link MediaContent}.
	 */
	Mono<Outcome<Flux<DataBuffer>>> open(ApiCall<?> call, AttemptGate gate) {
		return new MediaContent(this.webClient, this.access.baseUrl(), this.authorization, this.answers).open(uri(call))
			// What the content itself says is final.
			.onErrorResume((failure) -> !(failure instanceof MessagingException),
					(failure) -> Mono.just(failed(gate, failure)))
			.doOnCancel(gate::tryClose)
			.contextWrite((context) -> context.put(AttemptGate.KEY, gate));
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

	private String origin() {
		String origin = this.access.baseUrl().toString();
		return origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin;
	}

	private static <T> Outcome<T> failed(AttemptGate gate, Throwable failure) {
		Throwable cause = withoutRequest(failure);
		return gate.tryClose() ? new Outcome.NotSent<>(cause)
				: new Outcome.Unknown<>("the answer was lost", null, null, Quotations.removed(cause));
	}

	// WebClient's own exceptions carry the request: its credentials, and numbers in the
	// URL.
	static Throwable withoutRequest(Throwable failure) {
		if (!(failure instanceof WebClientException)) {
			return failure;
		}
		Throwable cause = failure.getCause();
		return (cause != null) ? cause : new IOException(failure.getClass().getSimpleName());
	}

}

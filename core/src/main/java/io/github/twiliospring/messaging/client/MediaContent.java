package io.github.twiliospring.messaging.client;

import java.net.URI;
import java.net.URISyntaxException;

import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Opens the bytes of a medium. Follows redirects, with credentials for the API's own host
 * alone, and never from TLS to plain HTTP.
 */
final class MediaContent {

	private static final String TEMPLATE = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}/Media/{MediaSid}";

	private static final int MOST_REDIRECTS = 5;

	private final WebClient webClient;

	private final URI baseUrl;

	private final String authorization;

	private final AnswerReader answers;

	/**
	 * Reads from an API.
	 * @param webClient makes the requests
	 * @param baseUrl where the API is
	 * @param authorization the header for it
	 * @param answers reads what is no content
	 */
	MediaContent(WebClient webClient, URI baseUrl, String authorization, AnswerReader answers) {
		this.webClient = webClient;
		this.baseUrl = baseUrl;
		this.authorization = authorization;
		this.answers = answers;
	}

	/**
	 * Asks a URL of the API.
	 * @param uri the medium
	 * @return what came of it: bytes that have to be read or canceled, or none
	 */
	Mono<Outcome<Flux<DataBuffer>>> open(URI uri) {
		return open(uri, MOST_REDIRECTS);
	}

	private Mono<Outcome<Flux<DataBuffer>>> open(URI uri, int redirectsLeft) {
		WebClient.RequestHeadersSpec<?> request = this.webClient.get()
			.uri(HiddenQuery.without(uri))
			.attribute(ApiClient.URI_TEMPLATE, TEMPLATE);
		if (origin(this.baseUrl).equals(origin(uri))) {
			request.header(HttpHeaders.AUTHORIZATION, this.authorization);
		}
		return request.retrieve()
			.onStatus((status) -> true, (response) -> Mono.empty())
			.toEntityFlux(DataBuffer.class)
			.contextWrite((context) -> HiddenQuery.hide(uri, context))
			.flatMap((answer) -> interpret(uri, answer, redirectsLeft));
	}

	private Mono<Outcome<Flux<DataBuffer>>> interpret(URI uri, ResponseEntity<Flux<DataBuffer>> answer,
			int redirectsLeft) {
		Flux<DataBuffer> body = ((answer.getBody() != null) ? answer.getBody() : Flux.<DataBuffer>empty())
			.onErrorMap(ApiClient::withoutRequest);
		if (answer.getStatusCode().is2xxSuccessful()) {
			return Mono.just(new Outcome.Accepted<>(
					body.onErrorMap((failure) -> new MessagingUnavailableException("the content broke off", null,
							Quotations.removed(failure)))));
		}
		URI location = location(answer.getHeaders());
		if (!answer.getStatusCode().is3xxRedirection() || location == null) {
			return this.answers.read(answer.getStatusCode(), answer.getHeaders(), body, (bytes) -> Flux.empty());
		}
		return body.doOnNext(DataBufferUtils::release)
			.onErrorComplete()
			.then(Mono.defer(() -> redirected(uri, uri.resolve(location), redirectsLeft)));
	}

	private Mono<Outcome<Flux<DataBuffer>>> redirected(URI uri, URI target, int redirectsLeft) {
		if (redirectsLeft == 0) {
			return Mono.error(new MessagingUnavailableException(
					"the content moved more than %d times".formatted(MOST_REDIRECTS), null, null));
		}
		boolean downgraded = "https".equals(uri.getScheme()) && !"https".equals(target.getScheme());
		return downgraded
				? Mono.error(new MessagingUnavailableException("the content moved to an insecure URL", null, null))
				: open(target, redirectsLeft - 1);
	}

	private static String origin(URI uri) {
		return uri.getScheme() + "://" + uri.getRawAuthority();
	}

	// An unreadable one is no redirect; the parser's message would quote a signed URL.
	private static @Nullable URI location(HttpHeaders headers) {
		String location = headers.getFirst(HttpHeaders.LOCATION);
		try {
			return (location != null) ? new URI(location) : null;
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

}

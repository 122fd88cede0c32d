package io.github.twiliospring.messaging.client;

import java.net.URI;
import java.net.URISyntaxException;

import io.github.twiliospring.messaging.error.ApiError;
import io.github.twiliospring.messaging.error.MessageRejectedException;
import io.github.twiliospring.messaging.error.MessagingException;
import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Reads the bytes of a medium as they arrive. Follows redirects, with credentials for the
 * API's own host alone, and never from TLS to plain HTTP.
 */
final class MediaContent {

	private static final String TEMPLATE = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}/Media/{MediaSid}";

	private static final int MOST_REDIRECTS = 5;

	private final WebClient webClient;

	private final URI baseUrl;

	private final String authorization;

	/**
	 * Reads from an API.
	 * @param webClient makes the requests
	 * @param baseUrl where the API is
	 * @param authorization the header for it
	 */
	MediaContent(WebClient webClient, URI baseUrl, String authorization) {
		this.webClient = webClient;
		this.baseUrl = baseUrl;
		this.authorization = authorization;
	}

	/**
	 * Reads from a URL of the API when it's subscribed.
	 * @param uri the medium
	 * @return buffers that the subscriber has to release, or a {@link MessagingException}
	 */
	Flux<DataBuffer> read(URI uri) {
		return read(uri, MOST_REDIRECTS);
	}

	private Flux<DataBuffer> read(URI uri, int redirectsLeft) {
		WebClient.RequestHeadersSpec<?> request = this.webClient.get()
			.uri(HiddenQuery.without(uri))
			.attribute(ApiClient.URI_TEMPLATE, TEMPLATE);
		if (origin(this.baseUrl).equals(origin(uri))) {
			request.header(HttpHeaders.AUTHORIZATION, this.authorization);
		}
		return request.exchangeToFlux((response) -> {
			if (response.statusCode().is2xxSuccessful()) {
				return response.bodyToFlux(DataBuffer.class);
			}
			URI location = location(response);
			if (response.statusCode().is3xxRedirection() && location != null && redirectsLeft > 0) {
				return response.releaseBody().thenMany(Flux.defer(() -> redirected(uri, location, redirectsLeft)));
			}
			return failed(response);
		})
			.onErrorMap((failure) -> !(failure instanceof MessagingException),
					(failure) -> new MessagingUnavailableException("the content broke off", null,
							ApiClient.withoutRequest(failure)))
			.contextWrite((context) -> HiddenQuery.hide(uri, context.put(AttemptGate.KEY, new AttemptGate(false))));
	}

	private static String origin(URI uri) {
		return uri.getScheme() + "://" + uri.getRawAuthority();
	}

	// An unreadable one is no redirect; the parser's message would quote a signed URL.
	private static @Nullable URI location(ClientResponse response) {
		String location = response.headers().asHttpHeaders().getFirst(HttpHeaders.LOCATION);
		try {
			return (location != null) ? new URI(location) : null;
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	private Flux<DataBuffer> redirected(URI from, URI location, int redirectsLeft) {
		URI target = from.resolve(location);
		boolean downgraded = "https".equals(from.getScheme()) && !"https".equals(target.getScheme());
		return downgraded
				? Flux.error(new MessagingUnavailableException("the content moved to an insecure URL", null, null))
				: read(target, redirectsLeft - 1);
	}

	private static Flux<DataBuffer> failed(ClientResponse response) {
		int status = response.statusCode().value();
		return response.bodyToMono(byte[].class).defaultIfEmpty(new byte[0]).flatMapMany((body) -> {
			ApiError error = ResourceReader.apiError(status, ApiClient.requestId(response), body);
			return Flux.error((status >= 400 && status < 500 && status != ApiClient.REQUEST_TIMEOUT)
					? new MessageRejectedException(error, null)
					: new MessagingUnavailableException(error.toString(), error, null));
		});
	}

}

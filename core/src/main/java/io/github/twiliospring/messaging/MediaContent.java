package io.github.twiliospring.messaging;

import java.net.URI;
import java.net.URISyntaxException;

import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpResponse;

/**
 * Opens the bytes of a medium. Follows redirects, with credentials for the API's own host
 * alone, and never from TLS to plain HTTP. Filters see the head of an answer without its
 * bytes.
 */
final class MediaContent {

	private static final int MOST_REDIRECTS = 5;

	private static final String ILLEGAL = " |{}[]\"<>\\^`";

	private static final byte[] NOTHING = new byte[0];

	private final ApiClient client;

	private final AnswerReader answers;

	private final ApiPaths paths;

	MediaContent(ApiClient client, AnswerReader answers, ApiPaths paths) {
		this.client = client;
		this.answers = answers;
		this.paths = paths;
	}

	/**
	 * Asks for a medium.
	 * @return what came of it: bytes that have to be read or closed, or none
	 */
	Mono<Outcome<OpenedContent>> open(ApiPaths.Target medium, OpenedContent opened, Attempt attempt) {
		return ask(medium, opened, attempt, MOST_REDIRECTS);
	}

	private Mono<Outcome<OpenedContent>> ask(ApiPaths.Target target, OpenedContent opened, Attempt attempt,
			int redirectsLeft) {
		ApiCall<Boolean> call = ApiCall.get(Operation.MEDIA_CONTENT, target, (body, asked) -> Boolean.TRUE);
		return this.client
			.<Answer>exchange(call, attempt, this.paths.isAtTheApi(target.uri()),
					(response) -> read(response, opened, attempt))
			.flatMap((outcome) -> {
				URI location = (outcome instanceof Outcome.Accepted<Answer> accepted) ? accepted.value().location()
						: null;
				return (location == null) ? Mono.just(opened(outcome, opened))
						: redirected(target, target.uri().resolve(location), opened, attempt, redirectsLeft);
			});
	}

	private Mono<AnswerReader.Answer<Answer>> read(ClientHttpResponse response, OpenedContent opened, Attempt attempt) {
		if (response.getStatusCode().is2xxSuccessful()) {
			opened.keep(response.getBody()
				.onErrorMap((failure) -> new MessagingUnavailableException("the content broke off", null,
						NamedFailure.of(failure))));
			return Mono.just(accepted(new Answer(null)));
		}
		URI location = location(response.getHeaders());
		if (!response.getStatusCode().is3xxRedirection() || location == null) {
			return this.answers.read(response, (body, asked) -> new Answer(null), attempt);
		}
		return response.getBody()
			.doOnNext(DataBufferUtils::release)
			.onErrorComplete()
			.then(Mono.just(accepted(new Answer(location))));
	}

	private static AnswerReader.Answer<Answer> accepted(Answer answer) {
		return new AnswerReader.Answer<>(new Outcome.Accepted<>(answer), NOTHING);
	}

	@SuppressWarnings("unchecked")
	private static Outcome<OpenedContent> opened(Outcome<Answer> outcome, OpenedContent opened) {
		// Only what was accepted has a value.
		return (outcome instanceof Outcome.Accepted) ? new Outcome.Accepted<>(opened)
				: (Outcome<OpenedContent>) (Outcome<?>) outcome;
	}

	private Mono<Outcome<OpenedContent>> redirected(ApiPaths.Target from, URI target, OpenedContent opened,
			Attempt attempt, int redirectsLeft) {
		if (redirectsLeft == 0) {
			return Mono.error(new MessagingUnavailableException(
					"the content moved more than %d times".formatted(MOST_REDIRECTS), null, null));
		}
		boolean downgraded = "https".equals(from.uri().getScheme()) && !"https".equals(target.getScheme());
		return downgraded
				? Mono.error(new MessagingUnavailableException("the content moved to an insecure URL", null, null))
				: ask(from.movedTo(target), opened, attempt, redirectsLeft - 1);
	}

	// An unreadable one is no redirect; the parser's message would quote a signed URL.
	private static @Nullable URI location(HttpHeaders headers) {
		String location = headers.getFirst(HttpHeaders.LOCATION);
		try {
			return (location != null) ? new URI(escaped(location)) : null;
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	// What storages leave as it is, and browsers put up with.
	private static String escaped(String location) {
		int authority = location.indexOf("://");
		int path = (authority < 0) ? 0 : location.indexOf('/', authority + 3);
		if (path < 0) {
			return location;
		}
		StringBuilder escaped = new StringBuilder(location.substring(0, path));
		location.substring(path)
			.chars()
			.forEach((character) -> escaped.append(
					(ILLEGAL.indexOf(character) < 0) ? Character.toString(character) : "%%%02X".formatted(character)));
		return escaped.toString();
	}

	/**
	 * An answer that brought the bytes, or the URL at which they are.
	 */
	private record Answer(@Nullable URI location) {

		@Override
		public String toString() {
			return "Answer[]";
		}

	}

}

package io.github.twiliospring.messaging;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.github.twiliospring.messaging.error.MessagingUnavailableException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Reads a list page by page, as its subscriber demands. Follows the answer's own
 * {@code next_page_uri} within the list, whatever host and path it names. One
 * subscription each.
 */
final class PageCursor<T> {

	private final Function<ApiCall<Page>, Mono<Page>> execution;

	private final String key;

	private final Function<JsonNode, T> reader;

	private @Nullable ApiCall<Page> next;

	// Finds a cycle of any length without keeping every path (Brent's algorithm): one
	// path is remembered for as many pages as came before it. A page that names itself
	// is found at once besides, before it's delivered again.
	private @Nullable URI remembered;

	private long pages;

	private long forgetAt = 1;

	/**
	 * Reads a list.
	 * @param execution runs one call
	 * @param key the elements' name
	 * @param reader reads an element
	 */
	PageCursor(Function<ApiCall<Page>, Mono<Page>> execution, String key, Function<JsonNode, T> reader) {
		this.execution = execution;
		this.key = key;
		this.reader = reader;
	}

	Flux<T> read(ApiCall<Page> first) {
		this.next = first;
		return Flux.defer(this::nextPage).repeat(() -> this.next != null);
	}

	private Flux<T> nextPage() {
		ApiCall<Page> call = this.next;
		return (call == null) ? Flux.empty()
				: this.execution.apply(call).flatMapMany((page) -> elements(call, page.json()));
	}

	private Flux<T> elements(ApiCall<Page> call, JsonNode page) {
		if (!page.path(this.key).isArray()) {
			return Flux.error(new MessagingUnavailableException("the answer is no page", null, null));
		}
		List<T> elements = new ArrayList<>();
		for (JsonNode element : page.path(this.key)) {
			try {
				elements.add(this.reader.apply(element));
			}
			catch (ResourceReader.UnreadableAnswerException ex) {
				return failing(elements, "a page holds an unreadable element", ex);
			}
		}
		ApiPaths.Target target;
		try {
			target = next(call, page);
		}
		catch (URISyntaxException ex) {
			return failing(elements, "the answer's next_page_uri names no page", null);
		}
		if (target != null && (target.uri().equals(call.target().uri()) || isSeen(target.uri()))) {
			return failing(elements, "pages name each other as the next one for ever", null);
		}
		this.next = (target != null) ? ApiCall.get(call.operation(), target, call.reader()) : null;
		if (this.next == null) {
			return Flux.fromIterable(elements);
		}
		// Ends only when more is demanded, and so the next page isn't asked for before.
		return Flux.generate(() -> 0, (index, sink) -> {
			if (index < elements.size()) {
				sink.next(elements.get(index));
			}
			else {
				sink.complete();
			}
			return index + 1;
		});
	}

	private boolean isSeen(URI page) {
		if (page.equals(this.remembered)) {
			return true;
		}
		if (++this.pages == this.forgetAt) {
			this.remembered = page;
			this.forgetAt *= 2;
		}
		return false;
	}

	// In order: who stops before it, as reconciling does, mustn't have missed an element.
	private Flux<T> failing(List<T> elements, String problem, @Nullable Throwable cause) {
		return Flux.fromIterable(elements)
			.concatWith(Mono.error(new MessagingUnavailableException(problem, null, cause)));
	}

	private static ApiPaths.@Nullable Target next(ApiCall<?> call, JsonNode page) throws URISyntaxException {
		String next = ResourceReader.text(page, "next_page_uri");
		return (next == null || next.isEmpty()) ? null : ApiPaths.next(call.target(), next);
	}

	/**
	 * A page as it was answered.
	 */
	record Page(JsonNode json) {

		// Reactor logs what is dropped.
		@Override
		public String toString() {
			return "Page[]";
		}

	}

}

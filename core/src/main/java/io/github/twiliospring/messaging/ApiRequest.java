package io.github.twiliospring.messaging;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.util.MultiValueMap;
import org.springframework.util.ObjectUtils;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A request of ours, as filters see it. One that still is an {@code ApiRequest} behind
 * them was changed by none.
 *
 * @param method the HTTP method
 * @param url where it goes
 * @param headers all headers but the credentials
 * @param cookies the cookies
 * @param attributes what filters tell each other
 * @param form the encoded form, or {@code null} for no body
 */
record ApiRequest(HttpMethod method, URI url, HttpHeaders headers, MultiValueMap<String, String> cookies,
		Map<String, Object> attributes, byte @Nullable [] form) implements ClientRequest {

	// Where WebClient has it, for filters.
	static final String URI_TEMPLATE = WebClient.class.getName() + ".uriTemplate";

	/**
	 * A request that nobody looks at.
	 */
	static ApiRequest of(ApiCall<?> call, HttpHeaders headers, MultiValueMap<String, String> cookies) {
		return new ApiRequest(call.method(), call.target().uri(), headers, cookies,
				Map.of(URI_TEMPLATE, call.target().template()), call.form());
	}

	/**
	 * The same for filters: with headers of its own, since {@code HttpHeaders} that are
	 * made of others write into them, and with the id that their logs begin with.
	 */
	ApiRequest shown() {
		HttpHeaders own = new HttpHeaders();
		own.addAll(this.headers);
		Map<String, Object> known = new LinkedHashMap<>(this.attributes);
		known.put(LOG_ID_ATTRIBUTE, ObjectUtils.getIdentityHexString(known));
		return new ApiRequest(this.method, this.url, HttpHeaders.readOnlyHttpHeaders(own), this.cookies,
				Collections.unmodifiableMap(known), this.form);
	}

	/**
	 * Whether somebody may have written into its headers, which are the same for all
	 * requests otherwise.
	 */
	boolean isShown() {
		return this.attributes.containsKey(LOG_ID_ATTRIBUTE);
	}

	/**
	 * The same at a URL that may be shown.
	 */
	ApiRequest at(URI shown) {
		return (this.url == shown) ? this
				: new ApiRequest(this.method, shown, this.headers, this.cookies, this.attributes, this.form);
	}

	/**
	 * The same with what was added to one that had nothing, such as the headers of a
	 * trace.
	 */
	ClientRequest with(ClientRequest added) {
		// The id of its log is an attribute of each request that is built.
		if (added.headers().isEmpty() && added.cookies().isEmpty() && added.attributes().size() <= 1
				&& added.httpRequest() == null) {
			return this;
		}
		Map<String, Object> noted = new LinkedHashMap<>(added.attributes());
		noted.remove(LOG_ID_ATTRIBUTE);
		ClientRequest.Builder both = ClientRequest.from(this)
			.headers((headers) -> added.headers().forEach(headers::put))
			.cookies((cookies) -> cookies.putAll(added.cookies()))
			.attributes((attributes) -> attributes.putAll(noted));
		Consumer<ClientHttpRequest> written = added.httpRequest();
		if (written != null) {
			return both.httpRequest(written).build();
		}
		ClientRequest built = both.build();
		return new ApiRequest(this.method, this.url, built.headers(), built.cookies(), built.attributes(), this.form);
	}

	@Override
	public BodyInserter<?, ? super ClientHttpRequest> body() {
		byte[] form = this.form;
		return (form == null) ? (outgoing, context) -> outgoing.setComplete() : (outgoing, context) -> {
			outgoing.getHeaders().setContentLength(form.length);
			return outgoing.writeWith(Mono.just(outgoing.bufferFactory().wrap(form)));
		};
	}

	@Override
	public @Nullable Consumer<ClientHttpRequest> httpRequest() {
		return null;
	}

	@Override
	public String logPrefix() {
		Object id = this.attributes.get(LOG_ID_ATTRIBUTE);
		return (id != null) ? "[" + id + "] " : "";
	}

	@Override
	public Mono<Void> writeTo(ClientHttpRequest outgoing, ExchangeStrategies strategies) {
		return ClientRequest.from(this).build().writeTo(outgoing, strategies);
	}

	// Two of the same URL are two.
	@Override
	public boolean equals(@Nullable Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

	@Override
	public String toString() {
		return "ApiRequest[" + this.method + "]";
	}

}

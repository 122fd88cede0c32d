package io.github.twiliospring.messaging.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.util.function.SingletonSupplier;

/**
 * What the last answers say about the API, without a call. Sees each attempt last before
 * the connector. Thread-safe.
 */
final class ApiHealth implements ExchangeFilterFunction {

	private static final int UNAUTHORIZED = 401;

	private static final int REQUEST_TIMEOUT = 408;

	enum State {

		/** No call yet, or the last one got no definite answer. */
		UNKNOWN,

		/** The last call got a definite answer. */
		ANSWERING,

		/** The credentials were refused, and nothing has succeeded since. */
		REFUSED

	}

	private final SingletonSupplier<String> accountPath;

	private State state = State.UNKNOWN;

	private long answered;

	private long refused;

	private long failed;

	private @Nullable String lastError;

	/**
	 * Watches the calls of one account: a subaccount that's suspended says nothing of it.
	 */
	ApiHealth(Supplier<String> accountSid) {
		this.accountPath = SingletonSupplier.of(() -> "/Accounts/" + accountSid.get() + "/");
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		Mono<ClientResponse> exchange = next.exchange(request);
		// Content that moved to another host is no answer of the API.
		return request.url().getRawPath().contains(this.accountPath.obtain()) ? exchange.doOnEach(this::note)
				: exchange;
	}

	private void note(Signal<ClientResponse> signal) {
		ClientResponse response = signal.get();
		Throwable failure = signal.getThrowable();
		if (response != null) {
			answered(response.statusCode());
		}
		else if (failure != null) {
			failed(failure);
		}
	}

	private synchronized void answered(HttpStatusCode status) {
		int code = status.value();
		if (status.is2xxSuccessful()) {
			this.answered++;
			this.state = State.ANSWERING;
		}
		else if (code == UNAUTHORIZED) {
			this.refused++;
			this.lastError = "refused (HTTP " + code + ")";
			this.state = State.REFUSED;
		}
		else if (status.is4xxClientError() && code != REQUEST_TIMEOUT) {
			this.answered++;
			this.lastError = "rejected (HTTP " + code + ")";
			unlessRefused(State.ANSWERING);
		}
		else if (!status.is3xxRedirection()) {
			this.failed++;
			this.lastError = "unavailable (HTTP " + code + ")";
			unlessRefused(State.UNKNOWN);
		}
	}

	private synchronized void failed(Throwable failure) {
		Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
		this.failed++;
		// Only the type: messages name hosts, and some the whole request.
		this.lastError = "no answer (" + cause.getClass().getSimpleName() + ")";
		unlessRefused(State.UNKNOWN);
	}

	private void unlessRefused(State next) {
		if (this.state != State.REFUSED) {
			this.state = next;
		}
	}

	synchronized State state() {
		return this.state;
	}

	synchronized Map<String, Object> details() {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("answered", this.answered);
		details.put("refused", this.refused);
		details.put("failed", this.failed);
		if (this.lastError != null) {
			details.put("lastError", this.lastError);
		}
		return details;
	}

}

package io.github.twiliospring.messaging.autoconfigure;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.AttemptListener;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatusCode;
import org.springframework.util.function.SingletonSupplier;

/**
 * What the last answers say about the API, without a call. Thread-safe.
 */
final class ApiHealth implements AttemptListener {

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
	public void attempted(URI url, @Nullable HttpStatusCode status, @Nullable String failure) {
		if (!url.getRawPath().contains(this.accountPath.obtain())) {
			return;
		}
		if (status != null) {
			answered(status);
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

	private synchronized void failed(String failure) {
		this.failed++;
		this.lastError = "no answer (" + failure + ")";
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

package io.github.twiliospring.messaging;

import java.time.Clock;
import java.time.Duration;

import io.github.twiliospring.messaging.error.ApiError;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.reactive.ClientHttpResponse;

/**
 * Says what an answer proves. Thread-safe; never blocks.
 */
final class AnswerReader {

	// A page of a thousand messages takes some four megabytes.
	static final int LIMIT = 8 * 1024 * 1024;

	private static final String REQUEST_ID = "Twilio-Request-Id";

	private static final int TOO_MANY_REQUESTS = 429;

	private static final int REQUEST_TIMEOUT = 408;

	private static final int SERVICE_UNAVAILABLE = 503;

	private static final byte[] NOTHING = new byte[0];

	private final Clock clock;

	private final boolean serviceUnavailableIsUnprocessed;

	/**
	 * Reads answers.
	 * @param clock what a Retry-After date is measured on
	 * @param serviceUnavailableIsUnprocessed whether a 503 counts as "surely not
	 * processed"
	 */
	AnswerReader(Clock clock, boolean serviceUnavailableIsUnprocessed) {
		this.clock = clock;
		this.serviceUnavailableIsUnprocessed = serviceUnavailableIsUnprocessed;
	}

	/**
	 * Reads an answer to its end.
	 * @param <T> what a successful answer is read as
	 * @param response the answer
	 * @param reader reads a successful answer
	 * @param attempt what was asked, whose connection is closed where the answer isn't
	 * its own
	 * @return what it proves, with the bytes that were read; never an error
	 */
	<T> Mono<Answer<T>> read(ClientHttpResponse response, ApiCall.Reader<T> reader, Attempt attempt) {
		if (!isAnswer(response)) {
			// A real answer may still come, and would be taken for another's.
			OpenedContent.discard(response.getBody());
			attempt.distrustPeer();
			return Mono.just(new Answer<>(new Outcome.Unknown<>("no status that ends an exchange", null), NOTHING));
		}
		return DataBufferUtils.join(response.getBody(), LIMIT)
			.map((body) -> interpreted(response, bytes(body), reader, attempt))
			.switchIfEmpty(Mono.fromSupplier(() -> interpreted(response, NOTHING, reader, attempt)))
			.onErrorResume((failure) -> Mono.just(new Answer<>(broken(response, failure), NOTHING)));
	}

	private static boolean isAnswer(ClientHttpResponse response) {
		try {
			return !response.getStatusCode().is1xxInformational();
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static byte[] bytes(DataBuffer body) {
		byte[] bytes = new byte[body.readableByteCount()];
		body.read(bytes);
		DataBufferUtils.release(body);
		return bytes;
	}

	private <T> Answer<T> interpreted(ClientHttpResponse response, byte[] body, ApiCall.Reader<T> reader,
			Attempt attempt) {
		return new Answer<>(interpret(response, body, reader, attempt), body);
	}

	private <T> Outcome<T> interpret(ClientHttpResponse response, byte[] body, ApiCall.Reader<T> reader,
			Attempt attempt) {
		HttpStatusCode code = response.getStatusCode();
		int status = code.value();
		if (code.is2xxSuccessful()) {
			try {
				return new Outcome.Accepted<>(reader.read(body, attempt));
			}
			catch (ResourceReader.ForeignAnswerException ex) {
				attempt.distrustPeer();
				return new Outcome.Unknown<>("HTTP %d whose answer belongs to another request".formatted(status), ex);
			}
			catch (RuntimeException ex) {
				return new Outcome.Unknown<>("HTTP %d whose answer can't be read".formatted(status), ex);
			}
		}
		ApiError error = ResourceReader.apiError(status, response.getHeaders().getFirst(REQUEST_ID), body);
		return isDefinite(status) ? new Outcome.Rejected<>(error, mayRepeat(status), retryAfter(response))
				: new Outcome.Unknown<>(error.toString(), error, retryAfter(response), null);
	}

	// A status line alone is a definite no where no byte of the body could change it.
	private <T> Outcome<T> broken(ClientHttpResponse response, Throwable failure) {
		int status = response.getStatusCode().value();
		ApiError error = new ApiError(status, null, null, response.getHeaders().getFirst(REQUEST_ID));
		if (isDefinite(status)) {
			return new Outcome.Rejected<>(error, mayRepeat(status), retryAfter(response));
		}
		return new Outcome.Unknown<>("HTTP %d whose answer broke off".formatted(status),
				response.getStatusCode().is2xxSuccessful() ? null : error, null, NamedFailure.of(failure));
	}

	private @Nullable Duration retryAfter(ClientHttpResponse response) {
		return RetryAfter.parse(response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER), this.clock);
	}

	private boolean isDefinite(int status) {
		return (status >= 400 && status < 500 && status != REQUEST_TIMEOUT)
				|| (status == SERVICE_UNAVAILABLE && this.serviceUnavailableIsUnprocessed);
	}

	private static boolean mayRepeat(int status) {
		return status == TOO_MANY_REQUESTS || status == SERVICE_UNAVAILABLE;
	}

	/**
	 * An answer that was read.
	 *
	 * @param outcome what it proves
	 * @param body its bytes, for filters
	 */
	record Answer<T>(Outcome<T> outcome, byte[] body) {

	}

}

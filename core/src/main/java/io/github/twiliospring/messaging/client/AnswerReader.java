package io.github.twiliospring.messaging.client;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

import io.github.twiliospring.messaging.error.ApiError;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;

/**
 * Says what an answer proves. Thread-safe; never blocks.
 */
final class AnswerReader {

	/**
	 * The bytes that are read of an answer: a page of a thousand messages takes some four
	 * megabytes.
	 */
	static final int LIMIT = 8 * 1024 * 1024;

	private static final String REQUEST_ID = "Twilio-Request-Id";

	private static final int TOO_MANY_REQUESTS = 429;

	private static final int REQUEST_TIMEOUT = 408;

	private static final int SERVICE_UNAVAILABLE = 503;

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
	 * @param status its status
	 * @param headers its headers
	 * @param content its bytes
	 * @param reader reads a successful answer
	 * @return the outcome; never an error
	 */
	<T> Mono<Outcome<T>> read(HttpStatusCode status, HttpHeaders headers, Flux<DataBuffer> content,
			Function<byte[], T> reader) {
		return DataBufferUtils.join(content, LIMIT)
			.map((body) -> interpret(status, headers, bytes(body), reader))
			.switchIfEmpty(Mono.fromSupplier(() -> interpret(status, headers, new byte[0], reader)))
			.onErrorResume((failure) -> Mono.just(broken(status, headers, failure)));
	}

	private static byte[] bytes(DataBuffer body) {
		byte[] bytes = new byte[body.readableByteCount()];
		body.read(bytes);
		DataBufferUtils.release(body);
		return bytes;
	}

	private <T> Outcome<T> interpret(HttpStatusCode status, HttpHeaders headers, byte[] body,
			Function<byte[], T> reader) {
		if (status.is2xxSuccessful()) {
			try {
				return new Outcome.Accepted<>(reader.apply(body));
			}
			catch (RuntimeException ex) {
				return new Outcome.Unknown<>("HTTP %d whose answer can't be read".formatted(status.value()), null, null,
						ex);
			}
		}
		ApiError error = ResourceReader.apiError(status.value(), headers.getFirst(REQUEST_ID), body);
		Duration retryAfter = retryAfter(headers);
		return isDefinite(status.value()) ? new Outcome.Rejected<>(error, isRepeatable(error), retryAfter)
				: new Outcome.Unknown<>(error.toString(), error, retryAfter, null);
	}

	// A status line alone is a definite no where no byte of the body could change it.
	private <T> Outcome<T> broken(HttpStatusCode status, HttpHeaders headers, Throwable failure) {
		ApiError error = new ApiError(status.value(), null, null, headers.getFirst(REQUEST_ID));
		if (isDefinite(status.value())) {
			return new Outcome.Rejected<>(error, isRepeatable(error), retryAfter(headers));
		}
		return new Outcome.Unknown<>("HTTP %d whose answer broke off".formatted(status.value()),
				status.is2xxSuccessful() ? null : error, null, Quotations.removed(failure));
	}

	private @Nullable Duration retryAfter(HttpHeaders headers) {
		return RetryAfter.parse(headers.getFirst(HttpHeaders.RETRY_AFTER), this.clock);
	}

	private boolean isDefinite(int status) {
		return (status >= 400 && status < 500 && status != REQUEST_TIMEOUT)
				|| (status == SERVICE_UNAVAILABLE && this.serviceUnavailableIsUnprocessed);
	}

	private static boolean isRepeatable(ApiError error) {
		return error.httpStatus() == TOO_MANY_REQUESTS || isUnavailable(error);
	}

	static boolean isUnavailable(ApiError error) {
		return error.httpStatus() == SERVICE_UNAVAILABLE;
	}

}

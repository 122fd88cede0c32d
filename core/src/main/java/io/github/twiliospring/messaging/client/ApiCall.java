package io.github.twiliospring.messaging.client;

import java.util.Map;
import java.util.function.Function;

import io.github.twiliospring.messaging.error.MessagingException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;

/**
 * One call of the API, ready to be attempted as often as its operation allows.
 *
 * @param <T> what a successful answer is read as
 * @param operation what is asked
 * @param method the HTTP method
 * @param path the path below the account, a URI template, for example
 * {@code /Messages/{Sid}.json}; or a whole path with query that an earlier answer named
 * @param variables the template's variables
 * @param form the encoded form, or {@code null} for no body
 * @param reader reads a successful answer; an exception means that it's unreadable
 * @param settlement what decides after an answer was lost, or {@code null} where nothing
 * can; takes the failure that the caller would get
 */
public record ApiCall<T>(Operation operation, HttpMethod method, String path, Map<String, ?> variables,
		byte @Nullable [] form, Function<byte[], T> reader,
		@Nullable Function<MessagingException, Mono<T>> settlement) {

	@Override
	public String toString() {
		return "ApiCall[" + this.operation + " " + this.path.replaceAll("\\?.*", "") + "]";
	}

	/**
	 * A call without a body.
	 * @param <T> what a successful answer is read as
	 * @param operation what is asked
	 * @param method the HTTP method
	 * @param path the path below the account
	 * @param variables the template's variables
	 * @param reader reads a successful answer
	 * @return the call
	 */
	public static <T> ApiCall<T> of(Operation operation, HttpMethod method, String path, Map<String, ?> variables,
			Function<byte[], T> reader) {
		return new ApiCall<>(operation, method, path, variables, null, reader, null);
	}

	/**
	 * A call that posts a form.
	 * @param <T> what a successful answer is read as
	 * @param operation what is asked
	 * @param path the path below the account
	 * @param variables the template's variables
	 * @param form the encoded form
	 * @param reader reads a successful answer
	 * @return the call
	 */
	public static <T> ApiCall<T> post(Operation operation, String path, Map<String, ?> variables, byte[] form,
			Function<byte[], T> reader) {
		return new ApiCall<>(operation, HttpMethod.POST, path, variables, form, reader, null);
	}

	/**
	 * The same call with something that decides once an answer was lost.
	 * @param settlement takes the failure that the caller would get, and answers what
	 * really happened, or the failure
	 * @return the call
	 */
	public ApiCall<T> settledBy(Function<MessagingException, Mono<T>> settlement) {
		return new ApiCall<>(this.operation, this.method, this.path, this.variables, this.form, this.reader,
				settlement);
	}

}

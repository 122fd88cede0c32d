package io.github.twiliospring.messaging;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

/**
 * One call of the API, ready to be attempted as often as its operation allows.
 *
 * @param <T> what a successful answer is read as
 * @param operation what is asked
 * @param method the HTTP method
 * @param target where it's asked
 * @param form the encoded form, or {@code null} for no body
 * @param reader reads a successful answer and compares it with the question; an exception
 * means that it's unreadable, or another's
 */
record ApiCall<T>(Operation operation, HttpMethod method, ApiPaths.Target target, byte @Nullable [] form,
		Reader<T> reader) {

	static <T> ApiCall<T> get(Operation operation, ApiPaths.Target target, Reader<T> reader) {
		return new ApiCall<>(operation, HttpMethod.GET, target, null, reader);
	}

	static <T> ApiCall<T> post(Operation operation, ApiPaths.Target target, byte[] form, Reader<T> reader) {
		return new ApiCall<>(operation, HttpMethod.POST, target, form, reader);
	}

	static ApiCall<Boolean> delete(Operation operation, ApiPaths.Target target, Question question) {
		return new ApiCall<>(operation, HttpMethod.DELETE, target, null, (body, attempt) -> question.done(body));
	}

	@Override
	public String toString() {
		return "ApiCall[" + this.operation + " " + this.target + "]";
	}

	/**
	 * Reads a successful answer.
	 */
	interface Reader<T> {

		/**
		 * Reads it.
		 * @throws ResourceReader.UnreadableAnswerException if it can't be read
		 * @throws ResourceReader.ForeignAnswerException if it answers something else
		 */
		T read(byte[] body, Attempt attempt);

	}

}

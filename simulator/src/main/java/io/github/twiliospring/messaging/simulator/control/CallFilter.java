package io.github.twiliospring.messaging.simulator.control;

import java.util.Locale;
import java.util.function.Predicate;

import io.github.twiliospring.messaging.simulator.engine.ApiCall;
import io.github.twiliospring.messaging.simulator.http.FormData;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Which calls of the API are wanted.
 *
 * @param accountSid those of one account, or {@code null} for all
 * @param messageSid those about one message, or {@code null} for all
 * @param result how they ended, or {@code null} for all
 * @param q a text that path, parameters or answer contain, whatever their case
 * @param before those with a lower number, or {@code null} for all
 * @param limit how many
 */
record CallFilter(@Nullable String accountSid, @Nullable String messageSid, @Nullable Result result, @Nullable String q,
		@Nullable Long before, @Nullable Integer limit) {

	int most() {
		return Forms.most(this.limit);
	}

	Predicate<ApiCall> condition() {
		String text = (this.q != null) ? this.q.toLowerCase(Locale.ROOT) : "";
		return (call) -> (this.before == null || call.number() < this.before)
				&& (this.messageSid == null || this.messageSid.equals(call.messageSid()))
				&& (this.accountSid == null || call.path().contains("/" + this.accountSid))
				&& (this.result == null || this.result == Result.of(call))
				&& (text.isEmpty() || searched(call).contains(text));
	}

	private static String searched(ApiCall call) {
		return (call.method() + ' ' + call.path() + '\n' + decoded(call.query()) + '\n' + decoded(call.body()) + '\n'
				+ call.response().body())
			.toLowerCase(Locale.ROOT);
	}

	private static String decoded(String form) {
		try {
			return FormData.parse(form).values().toString();
		}
		catch (MalformedRequestException ex) {
			return form;
		}
	}

	/** How a call ended. */
	enum Result {

		/** As it was meant to. */
		ANSWERED,

		/** The API had an objection. */
		REFUSED,

		/** Something went wrong on demand, whatever the answer. */
		FAULT;

		static Result of(ApiCall call) {
			if (call.fault() != null) {
				return FAULT;
			}
			return (call.response().status() < 400) ? ANSWERED : REFUSED;
		}

	}

}

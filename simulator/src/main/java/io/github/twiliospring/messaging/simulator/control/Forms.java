package io.github.twiliospring.messaging.simulator.control;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.DescribedCondition;
import io.github.twiliospring.messaging.simulator.engine.MessageCondition;
import io.github.twiliospring.messaging.simulator.engine.OutcomeRule;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.Urls;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.fault.Scope;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import io.github.twiliospring.messaging.simulator.network.Application;
import io.github.twiliospring.messaging.simulator.network.ContentTemplate;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of the control API say. Their components are the parameters that a
 * request knows: one that's misspelt would otherwise leave a test with a rule that it
 * didn't mean.
 */
final class Forms {

	private Forms() {
	}

	private static String sid(String name, @Nullable String sid, String prefix) {
		String given = Parameters.required(name, sid);
		if (!given.matches(prefix + "[0-9a-fA-F]{32}")) {
			throw new MalformedRequestException(
					"'" + name + "' is " + prefix + " and 32 hexadecimal digits, not '" + given + "'");
		}
		return given;
	}

	static @Nullable String url(String name, @Nullable String url) {
		if (url != null && !Urls.isWeb(url)) {
			throw new MalformedRequestException(
					"'" + name + "' is an http or https address, not '" + Urls.withoutPasswords(url) + "'");
		}
		return url;
	}

	private static @Nullable Pattern pattern(@Nullable String expression) {
		try {
			return (expression != null) ? Pattern.compile(expression) : null;
		}
		catch (PatternSyntaxException ex) {
			throw new MalformedRequestException("'to_pattern' is no regular expression: " + ex.getDescription());
		}
	}

	private static <T> T or(@Nullable T given, T fallback) {
		return (given != null) ? given : fallback;
	}

	static int most(@Nullable Integer given) {
		int limit = or(given, 200);
		if (limit < 1) {
			throw new MalformedRequestException("'limit' is at least 1, not " + limit);
		}
		return limit;
	}

	record Nothing() {

	}

	record OfAccount(@Nullable String accountSid) {

	}

	record Advance(@Nullable Duration duration, @Nullable Instant to) {

	}

	record Messages(@Nullable String accountSid, @Nullable String to, @Nullable String from, @Nullable String toPattern,
			@Nullable String phone, @Nullable String body, @Nullable String messageSid, @Nullable String status,
			@Nullable String q, @Nullable Long before, @Nullable Integer limit) {

		int most() {
			return Forms.most(this.limit);
		}

		/** Whether it belongs to the rest of a list that was read as far as this. */
		boolean isBefore(StoredMessage message) {
			return this.before == null || message.number() < this.before;
		}

		Predicate<StoredMessage> condition() {
			Pattern pattern = pattern(this.toPattern);
			String text = or(this.q, "").toLowerCase(Locale.ROOT);
			return (message) -> is(this.accountSid, message.account().sid()) && is(this.messageSid, message.sid())
					&& is(this.to, message.to()) && is(this.from, message.from()) && is(this.phone, message.phone())
					&& is(this.status, message.status().value())
					&& (this.body == null || message.body().contains(this.body))
					&& (pattern == null || pattern.matcher(message.to()).matches())
					&& (text.isEmpty() || searched(message).contains(text));
		}

		private static boolean is(@Nullable String wanted, @Nullable String value) {
			return wanted == null || wanted.equals(value);
		}

		private static String searched(StoredMessage message) {
			return (message.sid() + ' ' + message.to() + ' ' + or(message.from(), "") + ' ' + message.body())
				.toLowerCase(Locale.ROOT);
		}

	}

	record NewFault(Fault.@Nullable Target target, Fault.@Nullable Kind kind, @Nullable Integer status,
			@Nullable String retryAfter, @Nullable Duration delay, @Nullable Integer times, @Nullable Double share,
			@Nullable String method, @Nullable String accountSid) {

		Fault fault() {
			Fault.Kind what = Parameters.required("kind", this.kind);
			Scope scope = new Scope(or(this.times, -1), or(this.share, 1.0),
					(this.method != null) ? this.method.toUpperCase(Locale.ROOT) : null, this.accountSid);
			return new Fault(or(this.target, Fault.Target.API), what,
					or(this.status, (what == Fault.Kind.STATUS) ? 500 : 0), this.retryAfter,
					or(this.delay, Duration.ZERO), scope);
		}

	}

	record NewOutcome(@Nullable String accountSid, @Nullable String to, @Nullable String from,
			@Nullable String toPattern, @Nullable String body, @Nullable String messageSid, @Nullable Integer errorCode,
			@Nullable FinalStatus status, @Nullable Integer times, @Nullable Double probability) {

		private static final int UNKNOWN_ERROR = 30008;

		OutcomeRule rule(String id) {
			int code = or(this.errorCode, UNKNOWN_ERROR);
			if (code < 1) {
				throw new MalformedRequestException("'error_code' is a positive number, not " + code);
			}
			pattern(this.toPattern);
			Predicate<StoredMessage> condition = new DescribedCondition(description(), new MessageCondition(
					this.accountSid, this.to, this.from, this.toPattern, this.body, this.messageSid));
			MessageStatus end = (this.status != null) ? MessageStatus.valueOf(this.status.name()) : null;
			return new OutcomeRule(id, condition, (this.status != FinalStatus.DELIVERED) ? code : null, end,
					new Scope(or(this.times, -1), or(this.probability, 1.0), null, this.accountSid));
		}

		/** Which messages it's about, for a person. */
		private String description() {
			Map<String, String> parts = new LinkedHashMap<>();
			put(parts, "to", this.to);
			put(parts, "to numbers like", this.toPattern);
			put(parts, "from", this.from);
			put(parts, "with the text", this.body);
			put(parts, "with the SID", this.messageSid);
			put(parts, "of", this.accountSid);
			return parts.isEmpty() ? "all messages"
					: "messages " + parts.entrySet()
						.stream()
						.map((part) -> part.getKey() + " " + part.getValue())
						.collect(Collectors.joining(", "));
		}

		private static void put(Map<String, String> parts, String name, @Nullable String value) {
			if (value != null) {
				parts.put(name, value);
			}
		}

		/** How a message may end by rule. */
		enum FinalStatus {

			DELIVERED, UNDELIVERED, FAILED

		}

	}

	record Service(@Nullable String sid, @Nullable List<String> senders, @Nullable String statusCallback,
			@Nullable String inboundUrl, @Nullable String accountSid) {

		MessagingService service() {
			return new MessagingService(Forms.sid("sid", this.sid, "MG"), or(this.senders, List.of()),
					url("status_callback", this.statusCallback), url("inbound_url", this.inboundUrl));
		}

	}

	record App(@Nullable String sid, @Nullable String messageStatusCallback, @Nullable String accountSid) {

		Application application() {
			return new Application(Forms.sid("sid", this.sid, "AP"),
					url("message_status_callback", this.messageStatusCallback));
		}

	}

	record Links(@Nullable String clickCallback, @Nullable String accountSid) {

	}

	record Template(@Nullable String sid, @Nullable String body, @Nullable Map<String, String> variables,
			@Nullable List<String> mediaUrl, @Nullable String accountSid) {

		ContentTemplate template() {
			return new ContentTemplate(Forms.sid("sid", this.sid, "HX"), or(this.body, ""),
					or(this.variables, Map.of()), or(this.mediaUrl, List.of()));
		}

	}

	record Sender(@Nullable String number, @Nullable String inboundUrl, @Nullable Double segmentsPerSecond,
			@Nullable String accountSid) {

		PhoneNumber phoneNumber() {
			double rate = or(this.segmentsPerSecond, 0.0);
			if (!(rate >= 0 && rate <= 10_000)) {
				throw new MalformedRequestException("'segments_per_second' is 0 to 10000, not " + rate);
			}
			return new PhoneNumber(Parameters.required("number", this.number), url("inbound_url", this.inboundUrl),
					rate);
		}

	}

	record NewAccount(@Nullable String accountSid, @Nullable String authToken, @Nullable String ownerAccountSid,
			@Nullable String apiKey, @Nullable String apiSecret, @Nullable Boolean trial,
			@Nullable List<String> verified) {

		Account open(World world) {
			String sid = sid("account_sid", this.accountSid, "AC");
			String owner = (this.ownerAccountSid != null) ? sid("owner_account_sid", this.ownerAccountSid, "AC") : null;
			Account known = world.account(sid);
			Account account = (known != null) ? known
					: world.open(sid, Parameters.required("auth_token", this.authToken));
			if (owner != null) {
				account.setOwnerSid(owner);
			}
			if (this.apiKey != null) {
				account.apiKeys().put(this.apiKey, Parameters.required("api_secret", this.apiSecret));
			}
			if (or(this.trial, false)) {
				account.directory().restrictTo(new HashSet<>(or(this.verified, List.of())));
			}
			return account;
		}

	}

}

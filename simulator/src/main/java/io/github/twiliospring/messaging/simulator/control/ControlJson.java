package io.github.twiliospring.messaging.simulator.control;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.api.MessageJson;
import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.CallbackAttempt;
import io.github.twiliospring.messaging.simulator.engine.CallbackUrl;
import io.github.twiliospring.messaging.simulator.engine.DescribedCondition;
import io.github.twiliospring.messaging.simulator.engine.OneTimeCodes;
import io.github.twiliospring.messaging.simulator.engine.OutcomeRule;
import io.github.twiliospring.messaging.simulator.engine.Rules;
import io.github.twiliospring.messaging.simulator.engine.StoredMedia;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.Urls;
import io.github.twiliospring.messaging.simulator.fault.Fault;
import io.github.twiliospring.messaging.simulator.network.Application;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.network.PhoneNumber;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of the control API: snake case like the provider's, instants in ISO 8601,
 * durations in milliseconds. What isn't a record of this class is written as it is.
 */
final class ControlJson {

	static final JsonMapper MAPPER = JsonMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		.enumNamingStrategy(EnumNamingStrategies.KEBAB_CASE)
		.addMixIn(MessageStatus.class, ByValue.class)
		.addMixIn(PhoneNumber.class, ByNumber.class)
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
		.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
		.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
		.changeDefaultNullHandling((handling) -> handling.withContentNulls(Nulls.FAIL))
		.build();

	private ControlJson() {
	}

	static JsonNode write(Object value) {
		return MAPPER.valueToTree(value);
	}

	/** What the Message API says of a message, and what it doesn't. */
	static ObjectNode message(StoredMessage message) {
		ObjectNode json = MessageJson.write(message);
		json.setAll((ObjectNode) write(MessageMore.of(message)));
		return json;
	}

	// No address shows its user name and password.

	static MessagingService shown(MessagingService service) {
		return new MessagingService(service.sid(), service.senders(), CallbackUrl.shown(service.statusCallback()),
				CallbackUrl.shown(service.inboundUrl()));
	}

	static Application shown(Application application) {
		return new Application(application.sid(), CallbackUrl.shown(application.messageStatusCallback()));
	}

	static PhoneNumber shown(PhoneNumber number) {
		return new PhoneNumber(number.address(), CallbackUrl.shown(number.inboundUrl()), number.segmentsPerSecond());
	}

	record MessageMore(long number, long version, String phone, Instant createdAt, @Nullable Instant sentAt,
			@Nullable Instant sendAt, @Nullable String statusCallback, @Nullable String contentSid,
			@Nullable String contentVariables, @Nullable String feedback, @Nullable String code, List<String> mediaUrls,
			Map<String, String> extras, List<?> history) {

		private static @Nullable String code(StoredMessage message) {
			return (message.direction() != MessageDirection.INBOUND) ? OneTimeCodes.find(message.body()) : null;
		}

		static MessageMore of(StoredMessage message) {
			return new MessageMore(message.number(), message.version(), message.phone(), message.created(),
					message.sent(), message.draft().timing().sendAt(),
					CallbackUrl.shown(message.draft().reporting().statusCallback()),
					message.draft().content().contentSid(), message.draft().content().contentVariables(),
					message.feedback(), code(message),
					message.media().stream().map(StoredMedia::url).map(CallbackUrl::shown).toList(),
					message.draft().content().extras().parameters(), message.history());
		}

	}

	record Callback(String id, String messageSid, String accountSid, String method, String url, String reports,
			Enum<?> state, Instant createdAt, @Nullable String note, Map<String, String> headers,
			Map<String, String> parameters, List<Attempt> attempts) {

		static Callback of(io.github.twiliospring.messaging.simulator.engine.Callback callback) {
			return new Callback(callback.id(), callback.message().sid(), callback.message().account().sid(),
					callback.request().method(), callback.request().url().address(), callback.reportedStatus(),
					callback.state(), callback.created(), callback.note(), callback.request().headers(),
					callback.request().parameters(), callback.attempts().stream().map(Attempt::of).toList());
		}

	}

	record Attempt(int number, Instant at, long tookMs, @Nullable Integer status, @Nullable String contentType,
			String body, @Nullable String failure, @Nullable String retryKind) {

		static Attempt of(CallbackAttempt attempt) {
			return new Attempt(attempt.number(), attempt.at(), attempt.took().toMillis(), attempt.answer().status(),
					attempt.answer().contentType(), Urls.withoutPasswords(attempt.answer().body()),
					attempt.answer().failure(), attempt.failureKind());
		}

	}

	record FaultInForce(String id, Fault.Target target, Fault.Kind kind, @Nullable Integer status,
			@Nullable String retryAfter, long delayMs, int times, double share, @Nullable String method,
			@Nullable String accountSid) {

		static FaultInForce of(Rules.Numbered<Fault> numbered) {
			Fault fault = numbered.rule();
			return new FaultInForce(Long.toString(numbered.number()), fault.target(), fault.kind(),
					(fault.status() > 0) ? fault.status() : null, fault.retryAfter(), fault.delay().toMillis(),
					fault.scope().times(), fault.scope().share(), fault.scope().method(), fault.scope().accountSid());
		}

	}

	record Outcome(String id, String about, @Nullable Integer errorCode, MessageStatus status, int times,
			double probability) {

		static Outcome of(OutcomeRule rule) {
			return new Outcome(rule.id(), DescribedCondition.of(rule.condition()), rule.errorCode(), rule.finalStatus(),
					rule.scope().times(), rule.scope().share());
		}

	}

	record AccountInUse(String accountSid, String ownerAccountSid, int messages, boolean trial) {

		static AccountInUse of(Account account) {
			return new AccountInUse(account.sid(), account.ownerSid(), account.messages().size(),
					account.directory().isTrial());
		}

	}

	record Clock(Instant now, boolean manual) {

	}

	record Hello(Instant now, long beatMs) {

	}

	/** The provider has its own names for these. */
	private interface ByValue {

		@JsonValue
		String value();

	}

	private interface ByNumber {

		@JsonProperty("number")
		String address();

	}

}

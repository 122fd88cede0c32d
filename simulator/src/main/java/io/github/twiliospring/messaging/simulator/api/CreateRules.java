package io.github.twiliospring.messaging.simulator.api;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.network.Application;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.engine.EngineSettings;
import io.github.twiliospring.messaging.simulator.engine.MessageDraft;
import io.github.twiliospring.messaging.simulator.engine.MessageDraft.Addresses;
import io.github.twiliospring.messaging.simulator.engine.MessageDraft.Options;
import io.github.twiliospring.messaging.simulator.engine.MessageDraft.Reporting;
import io.github.twiliospring.messaging.simulator.engine.MessageDraft.Timing;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.http.FormData;
import io.github.twiliospring.messaging.simulator.engine.Urls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of create: from a form to a draft, or to the provider's refusal.
 */
final class CreateRules {

	private static final Logger logger = LoggerFactory.getLogger(CreateRules.class);

	private static final Pattern APPLICATION_SID = Pattern.compile("AP[0-9a-fA-F]{32}");

	private static final Pattern PRICE = Pattern.compile("\\d{1,9}(\\.\\d{1,4})?");

	private static final Set<String> KNOWN = Set.of("To", "From", "MessagingServiceSid", "Body", "MediaUrl",
			"ContentSid", "ContentVariables", "StatusCallback", "ApplicationSid", "MaxPrice", "ProvideFeedback",
			"Attempt", "ValidityPeriod", "ForceDelivery", "ContentRetention", "AddressRetention", "SmartEncoded",
			"ShortenUrls", "SendAsMms", "PersistentAction", "ScheduleType", "SendAt", "TrafficType", "RiskCheck",
			"FallbackFrom");

	private CreateRules() {
	}

	static MessageDraft check(World world, Account account, FormData form) {
		noteUnknown(form);
		Addresses addresses = AddressRules.check(world, account, form);
		return new MessageDraft(addresses, ContentRules.check(world, account, form, addresses.to()),
				timing(world, form, addresses), reporting(world, account, form, addresses), options(form));
	}

	private static void noteUnknown(FormData form) {
		Set<String> unknown = new TreeSet<>(form.values().keySet());
		unknown.removeAll(KNOWN);
		if (!unknown.isEmpty()) {
			logger.warn("Create: ignored the unknown parameters {}", unknown);
		}
	}

	private static Timing timing(World world, FormData form, Addresses addresses) {
		integer(form, "Attempt", 1, Integer.MAX_VALUE, 20001, "Invalid parameter: Attempt");
		long most = world.settings().limits().queueAtMost().toSeconds();
		Integer validity = integer(form, "ValidityPeriod", 1, (int) most, 21624,
				"The 'ValidityPeriod' must be between 1 and " + most + " seconds.");
		String price = form.text("MaxPrice");
		if (price != null && !PRICE.matcher(price).matches()) {
			throw ApiException.badRequest(20001, "Invalid parameter: MaxPrice");
		}
		return new Timing(sendAt(world, form, addresses), Duration.ofSeconds((validity != null) ? validity : most),
				(price != null) ? new BigDecimal(price) : null);
	}

	private static @Nullable Instant sendAt(World world, FormData form, Addresses addresses) {
		String type = form.text("ScheduleType");
		String sendAt = form.text("SendAt");
		if (type == null && sendAt == null) {
			return null;
		}
		if (type == null || !"fixed".equalsIgnoreCase(type)) {
			throw ApiException.badRequest(35126, "The 'ScheduleType' parameter must be 'fixed'.");
		}
		if (sendAt == null) {
			throw ApiException.badRequest(35111, "The 'SendAt' parameter is required to schedule a message.");
		}
		if (addresses.serviceSid() == null) {
			throw ApiException.badRequest(35118, "A MessagingServiceSid is required to schedule a message.");
		}
		Instant now = world.now();
		EngineSettings.Limits limits = world.settings().limits();
		Instant instant = IsoTimes.parse(sendAt);
		if (instant == null || instant.isBefore(now.plus(limits.scheduleAtLeast()))
				|| instant.isAfter(now.plus(limits.scheduleAtMost()))) {
			throw ApiException.badRequest(35114,
					"SendAt time must be between " + limits.scheduleAtLeast().toSeconds() + " seconds and "
							+ limits.scheduleAtMost().toDays() + " days (" + limits.scheduleAtMost().toSeconds()
							+ " seconds) in the future.");
		}
		return instant;
	}

	private static Reporting reporting(World world, Account account, FormData form, Addresses addresses) {
		String own = form.text("StatusCallback");
		if (own != null && !Urls.isWeb(own)) {
			throw ApiException.badRequest(21609, "The StatusCallback URL " + own + " is not a valid URL.");
		}
		String applicationSid = form.text("ApplicationSid");
		if (applicationSid != null) {
			Application application = account.directory().application(applicationSid);
			if (!APPLICATION_SID.matcher(applicationSid).matches()
					|| (application == null && world.settings().manners().strict())) {
				throw ApiException.badRequest(20001, "Invalid parameter: ApplicationSid");
			}
			if (application != null && application.messageStatusCallback() != null) {
				return new Reporting(application.messageStatusCallback(), true);
			}
		}
		String serviceSid = addresses.serviceSid();
		MessagingService service = (own == null && serviceSid != null) ? account.directory().service(serviceSid) : null;
		return new Reporting((service != null) ? service.statusCallback() : own, false);
	}

	private static Options options(FormData form) {
		return new Options(flag(form, "SmartEncoded"), flag(form, "SendAsMms"),
				oneOf(form, "ContentRetention", "retain", "discard"),
				oneOf(form, "AddressRetention", "retain", "obfuscate"), flag(form, "ProvideFeedback"),
				flag(form, "ShortenUrls"));
	}

	private static boolean flag(FormData form, String name) {
		return oneOf(form, name, "false", "true");
	}

	private static boolean oneOf(FormData form, String name, String off, String on) {
		String value = form.text(name);
		if (value == null || value.equalsIgnoreCase(off)) {
			return false;
		}
		if (!value.equalsIgnoreCase(on)) {
			throw ApiException.badRequest(20001, "Invalid parameter: " + name);
		}
		return true;
	}

	private static @Nullable Integer integer(FormData form, String name, int from, int to, int code, String message) {
		String value = form.text(name);
		if (value == null) {
			return null;
		}
		if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < from || Integer.parseInt(value) > to) {
			throw ApiException.badRequest(code, message);
		}
		return Integer.valueOf(value);
	}

}

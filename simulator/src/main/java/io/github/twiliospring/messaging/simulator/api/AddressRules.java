package io.github.twiliospring.messaging.simulator.api;

import java.util.Map;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.AddressForms;
import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import io.github.twiliospring.messaging.simulator.engine.MessageDraft.Addresses;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.http.FormData;
import org.jspecify.annotations.Nullable;

/**
 * Who may write to whom.
 */
final class AddressRules {

	private static final Pattern SERVICE_SID = Pattern.compile("MG[0-9a-fA-F]{32}");

	private static final Pattern WITHOUT_PLUS = Pattern.compile(" \\d{7,15}");

	// The provider's refusals show no more of a recipient.
	private static final Pattern HIDDEN = Pattern.compile("(?<=.)\\d{4}$");

	private static final Map<String, Integer> TEST_SENDERS = Map.of("+15005550001", 21212, "+15005550007", 21606,
			"+15005550008", 21611);

	private static final Map<String, Integer> TEST_RECIPIENTS = Map.of("+15005550001", 21211, "+15005550002", 21612,
			"+15005550003", 21408, "+15005550004", 21610, "+15005550009", 21614);

	private AddressRules() {
	}

	static Addresses check(World world, Account account, FormData form) {
		String to = withPlus(form.text("To"));
		String from = withPlus(form.text("From"));
		String service = form.text("MessagingServiceSid");
		if (to == null) {
			throw ApiException.badRequest(21604, "A 'To' phone number is required.");
		}
		if (from != null && SERVICE_SID.matcher(from).matches()) {
			service = (service != null) ? service : from;
			from = null;
		}
		if (from == null && service == null) {
			throw ApiException.badRequest(21603, "A 'From' phone number is required.");
		}
		checkRecipient(account, to, from);
		if (from != null) {
			checkSender(world, account, from, to, service);
		}
		if (service != null) {
			checkService(world, account, service, from, to);
		}
		return new Addresses(to, from, service);
	}

	/**
	 * A plus that wasn't escaped is a blank in a form; the provider knows what's meant.
	 */
	private static @Nullable String withPlus(@Nullable String address) {
		return (address != null && WITHOUT_PLUS.matcher(address).matches()) ? "+" + address.strip() : address;
	}

	private static void checkRecipient(Account account, String to, @Nullable String from) {
		if (!AddressForms.isRecipient(to)) {
			throw refusal(21211, to, from);
		}
		Integer code = TEST_RECIPIENTS.get(to);
		if (code != null) {
			throw refusal(code, to, from);
		}
		if (!account.directory().allows(to)) {
			throw ApiException.badRequest(21608, "The number " + masked(to)
					+ " is unverified. Trial accounts cannot send messages to unverified numbers; verify " + masked(to)
					+ " at twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to "
					+ "send messages to unverified numbers.");
		}
	}

	private static void checkSender(World world, Account account, String from, String to, @Nullable String service) {
		if (!AddressForms.isSender(from)) {
			throw refusal(21212, to, from);
		}
		Integer code = TEST_SENDERS.get(from);
		if (code != null) {
			throw refusal(code, to, from);
		}
		if (!AddressForms.areOfOneChannel(from, to)) {
			throw ApiException.badRequest(21910, "Invalid From and To pair. From and To should be of the same channel");
		}
		if (from.equals(to)) {
			throw ApiException.badRequest(21266, "'To' and 'From' number cannot be the same: " + masked(to));
		}
		boolean owned = "+15005550006".equals(from) || account.directory().number(from) != null
				|| account.directory().serviceOf(from) != null;
		if (world.settings().manners().strict() && !owned) {
			throw refusal(21606, to, from);
		}
		if (service == null) {
			if (account.isOptedOut(from, to)) {
				throw refusal(21610, to, from);
			}
			if (account.queues().isFull(from, world.now().plus(world.settings().limits().queueAtMost()))) {
				throw refusal(21611, to, from);
			}
		}
	}

	private static void checkService(World world, Account account, String sid, @Nullable String from, String to) {
		if (!SERVICE_SID.matcher(sid).matches()) {
			throw ApiException.badRequest(21705, "The Messaging Service Sid " + sid + " is invalid.");
		}
		MessagingService service = account.directory().service(sid);
		if (service == null) {
			if (world.settings().manners().strict()) {
				throw new ApiException(21701, 404, "The Messaging Service " + sid + " does not exist.");
			}
			return;
		}
		if (service.senders().isEmpty()) {
			throw ApiException.badRequest(21704, "The Messaging Service contains no phone numbers.");
		}
		if (service.sendersFor(to).isEmpty() || (from != null && !service.senders().contains(from))) {
			throw ApiException.badRequest(21703,
					"The Messaging Service does not have a phone number available to send a message.");
		}
	}

	private static String masked(String recipient) {
		return HIDDEN.matcher(recipient).replaceFirst("XXXX");
	}

	private static ApiException refusal(int code, String recipient, @Nullable String from) {
		String to = masked(recipient);
		String message = switch (code) {
			case 21211 -> "Invalid 'To' Phone Number: " + to;
			case 21212 ->
				"The 'From' number " + from + " is not a valid phone number, shortcode, or alphanumeric sender ID.";
			case 21408 -> "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: "
					+ to + ".";
			case 21606 -> "The From phone number " + from
					+ " is not a valid, SMS-capable inbound phone number or short code for your account.";
			case 21610 -> "Attempt to send to unsubscribed recipient";
			case 21611 -> "This 'From' number has exceeded the maximum number of queued messages.";
			case 21612 -> "The 'To' phone number: " + to
					+ ", is not currently reachable using the 'From' phone number: " + from + " via SMS.";
			default -> "To number: " + to + ", is not a mobile number";
		};
		return new ApiException(code, (code == 21611) ? 429 : 400, message);
	}

}

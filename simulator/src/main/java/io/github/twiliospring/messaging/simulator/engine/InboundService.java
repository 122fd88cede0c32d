package io.github.twiliospring.messaging.simulator.engine;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A phone writes: the message is kept, words such as STOP take effect, the webhook of the
 * number gets it, and what the webhook answers goes out as replies.
 */
public final class InboundService {

	private static final Logger logger = LoggerFactory.getLogger(InboundService.class);

	private static final int BODY_LIMIT = 1600;

	private static final int REDIRECT_LIMIT = 10;

	private static final int MEDIA_LIMIT = 10;

	private final World world;

	private final Supplier<String> baseUrl;

	InboundService(World world, Supplier<String> baseUrl) {
		this.world = world;
		this.baseUrl = baseUrl;
	}

	/**
	 * Takes a message from a phone.
	 * @param account whose number it's sent to
	 * @param from the phone
	 * @param to the number
	 * @param body the text
	 * @param mediaUrls the media
	 * @param extras what else it says
	 * @return the message, received
	 * @throws IllegalArgumentException for addresses that a phone can't have or write to
	 */
	public StoredMessage receive(Account account, String from, String to, String body, List<String> mediaUrls,
			InboundExtras extras) {
		if (!AddressForms.canWrite(from, to)) {
			throw new IllegalArgumentException(
					"A phone is a number such as +15558675310 or a channel address, and writes"
							+ " to a number, a short code or an address of the same channel, not from '" + from
							+ "' to '" + to + "'");
		}
		if (mediaUrls.size() > MEDIA_LIMIT || !mediaUrls.stream().allMatch(Urls::isWeb)) {
			throw new IllegalArgumentException("Media are at most " + MEDIA_LIMIT + " http or https addresses");
		}
		StoredMessage message = this.world.life().receive(account, draft(from, to, body, mediaUrls, null, extras));
		MessagingService service = account.directory().serviceOf(to);
		OptOutKeywords keyword = (extras.keyword() != null) ? extras.keyword() : OptOutKeywords.of(body);
		if (keyword != null) {
			answer(message, service, keyword);
		}
		String webhook = account.directory().inboundUrlOf(to, service);
		if (webhook != null) {
			String mediaBase = this.baseUrl.get() + "/2010-04-01/Accounts/" + account.sid() + "/Messages/"
					+ message.sid() + "/Media/";
			// Told for a Messaging Service alone, whose Advanced Opt-Out is always on
			// here.
			String optOutType = (service != null && keyword != null) ? keyword.name() : null;
			Map<String, String> form = CallbackParameters.ofInbound(message, (service != null) ? service.sid() : null,
					optOutType, mediaBase);
			this.world.callbacks().dispatch(message, "POST", webhook, form, this::answered);
		}
		return message;
	}

	private void answer(StoredMessage message, @Nullable MessagingService service, OptOutKeywords keyword) {
		String phone = String.valueOf(message.from());
		Account account = message.account();
		switch (keyword) {
			case STOP -> {
				account.optOut(message.to(), phone);
				if (service != null) {
					account.optOut(service.sid(), phone);
				}
			}
			case START -> {
				account.optIn(message.to(), phone);
				if (service != null) {
					account.optIn(service.sid(), phone);
				}
			}
			case HELP -> {
			}
		}
		this.world.life()
			.create(account, draft(message.to(), phone, keyword.answer(), List.of(), null, InboundExtras.NONE),
					MessageDirection.OUTBOUND_REPLY);
	}

	void answered(Callback callback) {
		reply(callback, 0);
	}

	private void reply(Callback callback, int redirects) {
		List<CallbackAttempt> attempts = callback.attempts();
		if (attempts.isEmpty() || !attempts.get(attempts.size() - 1).isAnswered()) {
			return;
		}
		try {
			TwimlReader.Answer answer = read(attempts.get(attempts.size() - 1).answer());
			answer.replies().forEach((reply) -> reply(callback, reply));
			if (answer.redirect() != null) {
				redirect(callback, answer.redirect(), redirects);
			}
		}
		catch (TwimlReader.TwimlException ex) {
			callback.note("12100: the answer is no TwiML: " + ex.getMessage());
			logger.warn("The answer to {} is no TwiML: {}", callback.message().sid(), ex.getMessage());
		}
	}

	private static TwimlReader.Answer read(WebhookAnswer answer) {
		String type = answer.contentType();
		if (type == null || !type.regionMatches(true, 0, "text/plain", 0, 10) || answer.body().isBlank()) {
			return TwimlReader.read(answer.body());
		}
		// The provider sends a plain text as it is.
		return new TwimlReader.Answer(
				List.of(new TwimlReader.Reply(null, null, answer.body().strip(), List.of(), null)), null);
	}

	private void redirect(Callback callback, TwimlReader.Redirect redirect, int redirects) {
		String url = absolute(callback.request().url().base(), redirect.url());
		if (url == null) {
			callback.note("11100: the address of a redirect is invalid: " + redirect.url());
		}
		else if (redirects >= REDIRECT_LIMIT) {
			callback.note("More than " + REDIRECT_LIMIT + " redirects follow each other: the next was ignored");
		}
		else {
			this.world.callbacks()
				.dispatch(callback.message(), redirect.method(), url, callback.request().parameters(),
						(next) -> reply(next, redirects + 1));
		}
	}

	/** An address in a document may be relative to the document's own. */
	private static @Nullable String absolute(String base, String url) {
		try {
			String resolved = URI.create(base).resolve(url).toString();
			return Urls.isWeb(resolved) ? resolved : null;
		}
		catch (IllegalArgumentException ex) {
			return Urls.isWeb(url) ? url : null;
		}
	}

	private void reply(Callback callback, TwimlReader.Reply reply) {
		StoredMessage message = callback.message();
		String to = (reply.to() != null) ? reply.to() : String.valueOf(message.from());
		String from = (reply.from() != null) ? reply.from() : message.to();
		List<String> media = new ArrayList<>();
		for (String url : reply.media()) {
			// Whoever gets the message is shown where its media are.
			String resolved = absolute(callback.request().url().address(), url);
			if (resolved == null) {
				callback.note("12300: a reply with an invalid media address was ignored: " + url);
				return;
			}
			media.add(resolved);
		}
		String statusCallback = (reply.statusCallback() != null)
				? absolute(callback.request().url().base(), reply.statusCallback()) : null;
		if (reply.body().isEmpty() && media.isEmpty()) {
			callback.note("14103: a reply without body and media was ignored");
		}
		else if (reply.body().codePointCount(0, reply.body().length()) > BODY_LIMIT) {
			callback.note("21617: a reply over " + BODY_LIMIT + " characters was ignored");
		}
		else if (message.account().isOptedOut(from, to)) {
			callback.note("21610: a reply to a recipient who opted out was ignored");
		}
		else {
			if (reply.statusCallback() != null && statusCallback == null) {
				callback.note("21609: an invalid statusCallback was ignored: " + reply.statusCallback());
			}
			this.world.life()
				.create(message.account(), draft(from, to, reply.body(), media, statusCallback, InboundExtras.NONE),
						MessageDirection.OUTBOUND_REPLY);
		}
	}

	private MessageDraft draft(String from, String to, String body, List<String> media, @Nullable String callback,
			InboundExtras extras) {
		Duration validity = this.world.settings().limits().queueAtMost();
		return new MessageDraft(new MessageDraft.Addresses(to, from, null),
				new MessageDraft.Content(body, media, null, null, extras),
				new MessageDraft.Timing(null, validity, null), new MessageDraft.Reporting(callback, false),
				MessageDraft.Options.NONE);
	}

}

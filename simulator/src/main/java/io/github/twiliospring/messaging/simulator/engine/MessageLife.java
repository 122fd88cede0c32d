package io.github.twiliospring.messaging.simulator.engine;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.Supplier;

import io.github.twiliospring.messaging.message.MessageDirection;
import io.github.twiliospring.messaging.message.MessageStatus;
import io.github.twiliospring.messaging.simulator.network.Delays;
import io.github.twiliospring.messaging.simulator.network.Directory;
import io.github.twiliospring.messaging.simulator.network.MessagingService;
import org.jspecify.annotations.Nullable;

/**
 * The states that a message passes through: the one place that changes one.
 */
public final class MessageLife {

	/** The sender of a Messaging Service that nobody configured. */
	public static final String DEFAULT_SENDER = "+15005550006";

	private final World world;

	private final Delays delays;

	private final Supplier<String> baseUrl;

	MessageLife(World world, Supplier<String> baseUrl) {
		this.baseUrl = baseUrl;
		this.world = world;
		this.delays = world.settings().delays();
	}

	/**
	 * Takes an outbound message.
	 * @param account whose it is
	 * @param draft what it's to be, already checked
	 * @param direction started by the API, or a reply
	 * @return the message in its initial status
	 */
	public StoredMessage create(Account account, MessageDraft draft, MessageDirection direction) {
		StoredMessage message = add(account, draft, direction);
		Instant sendAt = draft.timing().sendAt();
		if (sendAt != null) {
			start(message, MessageStatus.SCHEDULED);
			plan(message, sendAt, PlannedStep.Kind.PICK_SENDER, null);
		}
		else if (draft.addresses().serviceSid() != null) {
			start(message, MessageStatus.ACCEPTED);
			plan(message, this.world.now().plus(this.delays.accepted()), PlannedStep.Kind.PICK_SENDER, null);
		}
		else {
			start(message, MessageStatus.QUEUED);
			waitInQueue(message, senderOf(message));
		}
		return message;
	}

	StoredMessage receive(Account account, MessageDraft draft) {
		StoredMessage message = add(account, draft, MessageDirection.INBOUND);
		account.heard(message.to(), String.valueOf(message.from()), this.world.now());
		start(message, MessageStatus.RECEIVING);
		message.setSent(this.world.now(), this.world.nextVersion());
		move(message, MessageStatus.RECEIVED, null);
		return message;
	}

	/**
	 * Cancels a scheduled message.
	 * @param message the message
	 */
	public void cancel(StoredMessage message) {
		if (message.status() != MessageStatus.SCHEDULED) {
			throw new ApiException(30409, 409, "Message is not in a cancelable state.");
		}
		move(message, MessageStatus.CANCELED, null);
	}

	/**
	 * Takes the text away from a message.
	 * @param message the message
	 */
	public void redact(StoredMessage message) {
		requireEnded(message, "redact");
		message.redact(this.world.now());
		this.world.edited(message);
	}

	/**
	 * Deletes a message.
	 * @param message the message
	 */
	public void delete(StoredMessage message) {
		requireEnded(message, "delete");
		this.world.remove(message);
	}

	/**
	 * Deletes one medium of a message, which may still be on its way.
	 * @param account whose it is
	 * @param messageSid the message, deleted itself or not
	 * @param media the medium
	 */
	public void deleteMedia(Account account, String messageSid, StoredMedia media) {
		StoredMessage message = account.messages().get(messageSid);
		if (message != null) {
			message.media().remove(media);
			message.touch(this.world.now());
			this.world.edited(message);
		}
		account.mediaLibrary().forget(media, messageSid);
	}

	/**
	 * Notes what the application reports about a message.
	 * @param message the message
	 * @param outcome the outcome
	 */
	public void feedback(StoredMessage message, String outcome) {
		message.setFeedback(outcome);
		message.touch(this.world.now());
		this.world.edited(message);
	}

	private StoredMessage add(Account account, MessageDraft draft, MessageDirection direction) {
		Sids sids = this.world.sids();
		boolean mms = draft.isMms();
		Instant now = this.world.now();
		StoredMessage message = new StoredMessage(this.world.nextVersion(), sids.next(mms ? "MM" : "SM"), account,
				direction, draft, now);
		for (String url : draft.content().mediaUrls()) {
			message.media().add(account.mediaLibrary().use(url, message.sid(), sids, now));
		}
		this.world.add(message);
		return message;
	}

	private void pickSender(StoredMessage message) {
		String serviceSid = message.draft().addresses().serviceSid();
		Directory directory = message.account().directory();
		MessagingService service = (serviceSid != null) ? directory.service(serviceSid) : null;
		if (message.from() == null) {
			String picked = (service != null) ? message.account().queues().pick(service, message.to())
					: defaultSender(message);
			if (picked == null) {
				move(message, MessageStatus.FAILED, 21703);
				return;
			}
			message.setFrom(picked);
		}
		String sender = senderOf(message);
		move(message, MessageStatus.QUEUED, null);
		if (message.account().isOptedOut(sender, message.to())
				|| message.account().isOptedOut(serviceSid, message.to())) {
			plan(message, this.world.now().plus(this.delays.queued()), PlannedStep.Kind.FAIL, 21610);
		}
		else {
			waitInQueue(message, sender);
		}
	}

	private void waitInQueue(StoredMessage message, String sender) {
		Instant now = this.world.now();
		Instant earliest = now.plus(this.delays.queued());
		Account account = message.account();
		if (account.queues().isFull(sender, now.plus(this.world.settings().limits().queueAtMost()))) {
			plan(message, earliest, PlannedStep.Kind.FAIL, 30001);
			return;
		}
		Instant goes = account.queues()
			.enqueue(sender, account.directory().number(sender), message.segments(), earliest);
		Instant expires = now.plus(message.draft().timing().validity());
		if (goes.isAfter(expires)) {
			plan(message, expires, PlannedStep.Kind.FAIL, 30036);
		}
		else {
			plan(message, goes, PlannedStep.Kind.SEND, null);
		}
	}

	private void send(StoredMessage message) {
		// As at the provider, a message tells the links that were given until it's sent.
		message.account().links().shorten(message, this.baseUrl, this.world.sids(), this.world.now());
		move(message, MessageStatus.SENDING, null);
		BigDecimal limit = message.draft().timing().maxPrice();
		OutcomeRule rule = this.world.outcomes().take((candidate) -> candidate.condition().test(message));
		Instant then = this.world.now().plus(this.delays.sending());
		if (limit != null && cost(message).compareTo(limit) > 0) {
			plan(message, then, PlannedStep.Kind.FAIL, 30010);
		}
		else if (rule != null && rule.finalStatus() == MessageStatus.FAILED) {
			plan(message, then, PlannedStep.Kind.FAIL, rule.errorCode());
		}
		else if (rule == null && isOutOfConversation(message)) {
			plan(message, then, PlannedStep.Kind.FAIL, 63016);
		}
		else {
			plan(message, then, PlannedStep.Kind.HAND_OVER, (rule != null) ? rule.errorCode() : null);
		}
	}

	private void handOver(StoredMessage message, @Nullable Integer undelivered) {
		message.setSent(this.world.now(), this.world.nextVersion());
		message.setPrice(cost(message).negate());
		move(message, MessageStatus.SENT, null);
		plan(message, this.world.now().plus(this.delays.sent()), PlannedStep.Kind.ARRIVE, undelivered);
	}

	private void arrive(StoredMessage message, @Nullable Integer undelivered) {
		if (undelivered != null) {
			move(message, MessageStatus.UNDELIVERED, undelivered);
			return;
		}
		move(message, MessageStatus.DELIVERED, null);
		if (AddressForms.isWhatsApp(message.to()) && this.world.settings().manners().readReceipts()) {
			plan(message, this.world.now().plus(this.delays.delivered()), PlannedStep.Kind.OPEN, null);
		}
	}

	/** WhatsApp takes only templates from whom its user didn't write to. */
	private boolean isOutOfConversation(StoredMessage message) {
		return this.world.settings().manners().whatsappWindow() && AddressForms.isWhatsApp(message.to())
				&& message.draft().content().contentSid() == null
				&& !message.account().isInConversation(senderOf(message), message.to(), this.world.now());
	}

	private BigDecimal cost(StoredMessage message) {
		EngineSettings.Limits limits = this.world.settings().limits();
		return message.isMms() ? limits.mmsPrice()
				: limits.segmentPrice().multiply(BigDecimal.valueOf(message.segments()));
	}

	private static String defaultSender(StoredMessage message) {
		String to = message.to();
		return to.substring(0, to.indexOf(':') + 1) + DEFAULT_SENDER;
	}

	private static String senderOf(StoredMessage message) {
		String from = message.from();
		return (from != null) ? from : DEFAULT_SENDER;
	}

	private void start(StoredMessage message, MessageStatus status) {
		message.move(status, null, this.world.now());
		this.world.changed(message, true);
	}

	private void move(StoredMessage message, MessageStatus status, @Nullable Integer errorCode) {
		message.setNext(null);
		message.move(status, errorCode, this.world.now());
		this.world.changed(message, false);
		if (status.isFinal() && status != MessageStatus.READ) {
			forgetWhatWasAskedTo(message);
		}
	}

	private void forgetWhatWasAskedTo(StoredMessage message) {
		MessageDraft.Options options = message.draft().options();
		if (options.discardContent()) {
			message.discardBody();
		}
		if (options.obfuscateAddress()) {
			String to = message.to();
			int keep = Math.max(0, to.length() - 4);
			message.setTo(to.substring(0, keep) + "XXXX");
		}
		if (options.discardContent() || options.obfuscateAddress()) {
			this.world.edited(message);
		}
	}

	private void plan(StoredMessage message, Instant due, PlannedStep.Kind kind, @Nullable Integer errorCode) {
		message.setNext(new PlannedStep(due, kind, errorCode));
		goOn(message);
	}

	/** Has what's planned for a message happen in its time. */
	void goOn(StoredMessage message) {
		PlannedStep step = message.next();
		if (step != null) {
			this.world.schedule().at(step.due(), () -> {
				// Deleted, reset or canceled meanwhile: then nothing follows.
				if (!message.isGone() && message.next() == step) {
					take(step, message);
				}
			});
		}
	}

	private void take(PlannedStep step, StoredMessage message) {
		switch (step.kind()) {
			case PICK_SENDER -> pickSender(message);
			case SEND -> send(message);
			case HAND_OVER -> handOver(message, step.errorCode());
			case ARRIVE -> arrive(message, step.errorCode());
			case OPEN -> move(message, MessageStatus.READ, null);
			case FAIL -> move(message, MessageStatus.FAILED, step.errorCode());
		}
	}

	private static void requireEnded(StoredMessage message, String what) {
		if (!message.status().isFinal()) {
			throw new ApiException(20009, 409,
					"Cannot " + what + " message because delivery of the message has not completed.");
		}
	}

}

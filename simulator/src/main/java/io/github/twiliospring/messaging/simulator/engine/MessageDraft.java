package io.github.twiliospring.messaging.simulator.engine;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a message is to be, once the rules have let it through.
 *
 * @param addresses who to whom
 * @param content what it says
 * @param timing when, and under what limits
 * @param reporting where its status goes
 * @param options what else was asked for
 */
public record MessageDraft(Addresses addresses, Content content, Timing timing, Reporting reporting, Options options) {

	boolean isMms() {
		return !this.content.mediaUrls().isEmpty() || this.options.sendAsMms();
	}

	/**
	 * Who to whom.
	 *
	 * @param to number or channel address
	 * @param from sender, or {@code null} where a service picks one
	 * @param serviceSid the Messaging Service, or {@code null} without one
	 */
	public record Addresses(String to, @Nullable String from, @Nullable String serviceSid) {

	}

	/**
	 * What it says.
	 *
	 * @param body the text, empty where there's none
	 * @param mediaUrls the media, in order
	 * @param contentSid the template, or {@code null} without one
	 * @param contentVariables the template's variables as they came, or {@code null}
	 * @param extras what a phone says beside that
	 */
	public record Content(String body, List<String> mediaUrls, @Nullable String contentSid,
			@Nullable String contentVariables, InboundExtras extras) {

	}

	/**
	 * When, and under what limits.
	 *
	 * @param sendAt when to send a scheduled one, {@code null} for at once
	 * @param validity how long it may wait in the queue
	 * @param maxPrice what it may cost in US dollars, {@code null} for no limit
	 */
	public record Timing(@Nullable Instant sendAt, Duration validity, @Nullable BigDecimal maxPrice) {

	}

	/**
	 * Where its status goes.
	 *
	 * @param statusCallback the URL, or {@code null} for none
	 * @param ofApplication whether the URL is an application's, which hears of sent and
	 * failed alone
	 */
	public record Reporting(@Nullable String statusCallback, boolean ofApplication) {

	}

	/**
	 * What else was asked for.
	 *
	 * @param smartEncoded whether typographic look-alikes are replaced
	 * @param sendAsMms whether it goes as one MMS
	 * @param discardContent whether the body isn't kept
	 * @param obfuscateAddress whether the recipient's number isn't kept whole
	 * @param provideFeedback whether the application will confirm the outcome
	 * @param shortenUrls whether links are shortened
	 */
	public record Options(boolean smartEncoded, boolean sendAsMms, boolean discardContent, boolean obfuscateAddress,
			boolean provideFeedback, boolean shortenUrls) {

		/** Nothing. */
		public static final Options NONE = new Options(false, false, false, false, false, false);

	}

}

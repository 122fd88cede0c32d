package io.github.twiliospring.messaging.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.message.Masking;
import io.github.twiliospring.messaging.simulator.engine.InboundExtras;

/**
 * What a phone writes, for {@link TwilioSimulator#receive(PhoneMessage)}: a text, media,
 * a place, the button of a template, or the advertisement that it comes from. Immutable.
 *
 * <pre>{@code
 * simulator.receive(PhoneMessage.of("whatsapp:+15558675310", "whatsapp:+15017122661").location(52.52, 13.405));
 * }</pre>
 */
public final class PhoneMessage {

	private final String from;

	private final String to;

	private final String body;

	private final List<String> mediaUrls;

	private final InboundExtras extras;

	private PhoneMessage(String from, String to, String body, List<String> mediaUrls, InboundExtras extras) {
		this.from = from;
		this.to = to;
		this.body = body;
		this.mediaUrls = mediaUrls;
		this.extras = extras;
	}

	/**
	 * Begins an empty message.
	 * @param from the phone
	 * @param to the account's number or channel address
	 * @return the message
	 */
	public static PhoneMessage of(String from, String to) {
		return new PhoneMessage(from, to, "", List.of(), InboundExtras.NONE);
	}

	/**
	 * The same with a text.
	 * @param text the text
	 * @return a copy
	 */
	public PhoneMessage body(String text) {
		return new PhoneMessage(this.from, this.to, text, this.mediaUrls, this.extras);
	}

	/**
	 * The same with media.
	 * @param urls their addresses, at most ten
	 * @return a copy
	 */
	public PhoneMessage media(String... urls) {
		return new PhoneMessage(this.from, this.to, this.body, List.of(urls), this.extras);
	}

	/**
	 * The same, taken by the provider for what it says, whatever its text: the keywords
	 * of Advanced Opt-Out are the account's own.
	 * @param type {@code START}, {@code STOP} or {@code HELP}
	 * @return a copy
	 * @throws IllegalArgumentException for another one
	 */
	public PhoneMessage optOutType(String type) {
		return with(Map.of("OptOutType", type));
	}

	/**
	 * The same with a place.
	 * @param latitude degrees, -90 to 90
	 * @param longitude degrees, -180 to 180
	 * @return a copy
	 * @throws IllegalArgumentException for other degrees
	 */
	public PhoneMessage location(double latitude, double longitude) {
		return with(Map.of("Latitude", Double.toString(latitude), "Longitude", Double.toString(longitude)));
	}

	/**
	 * The same with what the place is called.
	 * @param label its name
	 * @param address where it is
	 * @return a copy
	 * @throws IllegalArgumentException without a location
	 */
	public PhoneMessage place(String label, String address) {
		return with(Map.of("Label", label, "Address", address));
	}

	/**
	 * The same with a button of a template, whose text is the message's text, too.
	 * @param text what's on the button
	 * @param payload what the template says about it
	 * @return a copy
	 */
	public PhoneMessage button(String text, String payload) {
		return body(text).with(Map.of("ButtonText", text, "ButtonPayload", payload));
	}

	/**
	 * The same with the advertisement that it comes from.
	 * @param parts by the webhook's names without {@code Referral}: {@code Body},
	 * {@code Headline}, {@code SourceId}, {@code SourceType}, {@code SourceUrl},
	 * {@code MediaId}, {@code MediaContentType}, {@code MediaUrl}, {@code NumMedia},
	 * {@code CtwaClid}
	 * @return a copy
	 * @throws IllegalArgumentException for other names
	 */
	public PhoneMessage referral(Map<String, String> parts) {
		Map<String, String> named = new LinkedHashMap<>();
		parts.forEach((name, value) -> named.put("Referral" + name, value));
		return with(named);
	}

	private PhoneMessage with(Map<String, String> more) {
		Map<String, String> all = new LinkedHashMap<>(this.extras.parameters());
		all.putAll(more);
		return new PhoneMessage(this.from, this.to, this.body, this.mediaUrls, new InboundExtras(all));
	}

	String from() {
		return this.from;
	}

	String to() {
		return this.to;
	}

	String body() {
		return this.body;
	}

	List<String> mediaUrls() {
		return this.mediaUrls;
	}

	InboundExtras extras() {
		return this.extras;
	}

	@Override
	public String toString() {
		return "PhoneMessage[from " + Masking.address(this.from) + ", " + this.mediaUrls.size() + " media]";
	}

}

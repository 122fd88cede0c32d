package io.github.twiliospring.messaging.webhook;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The answer to an incoming message: none, one or several messages to its sender.
 * Immutable.
 */
public final class Reply {

	private static final Reply NONE = new Reply(List.of());

	private final List<Part> parts;

	private Reply(List<Part> parts) {
		this.parts = List.copyOf(parts);
	}

	/**
	 * No answer.
	 * @return an empty reply
	 */
	public static Reply none() {
		return NONE;
	}

	/**
	 * A text.
	 * @param text at most 1600 characters
	 * @return a reply with one message
	 */
	public static Reply text(String text) {
		return new Reply(List.of(new Part(text, List.of())));
	}

	/**
	 * Media with a text.
	 * @param text the text, or {@code null} for none
	 * @param media one to ten URLs that the provider can reach
	 * @return a reply with one message
	 */
	public static Reply media(@Nullable String text, URI... media) {
		if (media.length == 0 || media.length > 10) {
			throw new IllegalArgumentException("A message has one to ten media, not " + media.length);
		}
		return new Reply(List.of(new Part(text, List.of(media))));
	}

	/**
	 * This reply, followed by another.
	 * @param next what follows
	 * @return a reply with the messages of both
	 */
	public Reply and(Reply next) {
		List<Part> both = new ArrayList<>(this.parts);
		both.addAll(next.parts);
		return new Reply(both);
	}

	/**
	 * The messages.
	 * @return the messages in their order, unmodifiable
	 */
	public List<Part> parts() {
		return this.parts;
	}

	@Override
	public String toString() {
		return "Reply[" + this.parts.size() + " messages]";
	}

	/**
	 * One message of a reply.
	 *
	 * @param text the text, or {@code null} for none
	 * @param media the URLs of its media
	 */
	public record Part(@Nullable String text, List<URI> media) {

		/**
		 * Checks the text's length and copies the list.
		 */
		public Part {
			if (text != null && text.codePointCount(0, text.length()) > 1600) {
				throw new IllegalArgumentException(
						"A message has at most 1600 characters, not " + text.codePointCount(0, text.length()));
			}
			media = List.copyOf(media);
		}

		@Override
		public String toString() {
			return "Part[media=" + this.media.size() + "]";
		}

	}

}

package io.github.twiliospring.messaging.webhook;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;

/**
 * The answer to an incoming message: none, one or several messages, and where the
 * provider asks next. It becomes TwiML (the provider's pages "TwiML Message" and "TwiML
 * Redirect"), which the provider takes in its default region alone. Immutable.
 */
public final class Reply {

	private static final Reply NONE = new Reply(List.of(), null);

	private final List<Part> parts;

	private final @Nullable Redirect redirect;

	private Reply(List<Part> parts, @Nullable Redirect redirect) {
		this.parts = List.copyOf(parts);
		this.redirect = redirect;
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
		return new Reply(List.of(new Part(text, List.of(), null, null, null)), null);
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
		return new Reply(List.of(new Part(text, List.of(media), null, null, null)), null);
	}

	/**
	 * Has the provider ask another address, by POST, what to answer.
	 * @param url absolute, or relative to the webhook's own; as for
	 * {@link #redirect(URI, HttpMethod)}
	 * @return a reply with no message of its own
	 */
	public static Reply redirect(URI url) {
		return redirect(url, HttpMethod.POST);
	}

	/**
	 * Has the provider ask another address what to answer. It sends the same parameters,
	 * the message's SID among them: at the webhook's own address they are a duplicate and
	 * get this very reply again, so take an endpoint of the application's own, such as a
	 * {@link VerifiedWebhook @VerifiedWebhook} one.
	 * @param url an http or https URL, absolute or relative to the webhook's own
	 * @param method GET or POST
	 * @return a reply with no message of its own
	 */
	public static Reply redirect(URI url, HttpMethod method) {
		return new Reply(List.of(), new Redirect(url, method));
	}

	/**
	 * This reply, with another recipient of its messages.
	 * @param to a number or channel address; without it they go to who wrote
	 * @return a reply whose messages so far go there
	 */
	public Reply to(String to) {
		return map((part) -> new Part(part.text(), part.media(), to, part.from(), part.statusCallback()));
	}

	/**
	 * This reply, with another sender of its messages.
	 * @param from a number of the account, a sender name of at most 11 characters, or a
	 * channel address; without it they come from the number that was written to
	 * @return a reply whose messages so far come from there
	 */
	public Reply from(String from) {
		return map((part) -> new Part(part.text(), part.media(), part.to(), from, part.statusCallback()));
	}

	/**
	 * This reply, with an address that gets the status of its messages, as a
	 * StatusCallback does; it isn't filled in by itself, and there's no reference in it.
	 * The provider's page says in one place that what follows a message with such an
	 * address isn't reached: give it to the last message.
	 * @param url an http or https URL, absolute or relative to the webhook's own; its
	 * host name has no underscore
	 * @return a reply whose messages so far report there
	 */
	public Reply statusCallback(URI url) {
		return map((part) -> new Part(part.text(), part.media(), part.to(), part.from(), url));
	}

	/**
	 * This reply, followed by another.
	 * @param next what follows
	 * @return a reply with the messages of both
	 * @throws IllegalStateException behind a redirect, where the provider reads nothing
	 * any more
	 */
	public Reply and(Reply next) {
		if (this.redirect != null) {
			throw new IllegalStateException("Nothing behind a redirect is reached; put it last");
		}
		List<Part> both = new ArrayList<>(this.parts);
		both.addAll(next.parts);
		return new Reply(both, next.redirect);
	}

	/**
	 * The messages.
	 * @return the messages in their order, unmodifiable
	 */
	public List<Part> parts() {
		return this.parts;
	}

	/**
	 * Where the provider asks next, behind the messages.
	 * @return the redirect, or {@code null} for none
	 */
	public @Nullable Redirect redirect() {
		return this.redirect;
	}

	boolean isEmpty() {
		return this.parts.isEmpty() && this.redirect == null;
	}

	@Override
	public String toString() {
		return "Reply[" + this.parts.size() + " messages" + ((this.redirect != null) ? ", redirect" : "") + "]";
	}

	private Reply map(UnaryOperator<Part> change) {
		return new Reply(this.parts.stream().map(change).toList(), this.redirect);
	}

	private static void checkUrl(String name, URI url) {
		boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
		if (url.toString().isEmpty() || (url.isAbsolute() && (!web || url.getRawAuthority() == null))) {
			throw new IllegalArgumentException(name + " must be an http or https URL, or a relative one");
		}
	}

	/**
	 * One message of a reply.
	 *
	 * @param text the text, or {@code null} for none
	 * @param media the URLs of its media
	 * @param to the recipient, or {@code null} for who wrote
	 * @param from the sender, or {@code null} for the number that was written to
	 * @param statusCallback where its status is reported, or {@code null} for nowhere
	 */
	public record Part(@Nullable String text, List<URI> media, @Nullable String to, @Nullable String from,
			@Nullable URI statusCallback) {

		/**
		 * Checks what is plainly wrong, and copies the list.
		 */
		public Part {
			if (text != null && text.codePointCount(0, text.length()) > 1600) {
				throw new IllegalArgumentException(
						"A message has at most 1600 characters, not " + text.codePointCount(0, text.length()));
			}
			media = List.copyOf(media);
			checkAddress("to", to);
			checkAddress("from", from);
			if (statusCallback != null) {
				checkUrl("statusCallback", statusCallback);
				// A host name with an underscore is no host to java.net.URI.
				if (statusCallback.getRawAuthority() != null && statusCallback.getHost() == null) {
					throw new IllegalArgumentException("statusCallback has no valid host name");
				}
			}
		}

		// Whether it's a number, and whose, the provider says: it takes local forms, too.
		private static void checkAddress(String name, @Nullable String address) {
			if (address != null && (address.isBlank() || address.codePoints().anyMatch(Part::isNoText))) {
				throw new IllegalArgumentException(
						name + " is blank or has a control character or half a character in it");
			}
		}

		private static boolean isNoText(int character) {
			return Character.isISOControl(character) || Character.getType(character) == Character.SURROGATE;
		}

		@Override
		public String toString() {
			return "Part[media=" + this.media.size() + "]";
		}

	}

	/**
	 * Where the provider asks next.
	 *
	 * @param url absolute, or relative to the webhook's own
	 * @param method GET or POST
	 */
	public record Redirect(URI url, HttpMethod method) {

		/**
		 * Checks the URL and the method.
		 */
		public Redirect {
			checkUrl("The redirect's URL", url);
			if (!HttpMethod.GET.equals(method) && !HttpMethod.POST.equals(method)) {
				throw new IllegalArgumentException("A redirect is asked by GET or POST");
			}
		}

		@Override
		public String toString() {
			return "Redirect[" + this.method + "]";
		}

	}

}

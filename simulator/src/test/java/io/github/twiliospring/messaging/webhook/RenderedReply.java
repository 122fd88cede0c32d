package io.github.twiliospring.messaging.webhook;

/**
 * What the library answers for a reply. It stands in the library's own package, as nobody
 * but a test reads its TwiML.
 */
public final class RenderedReply {

	private RenderedReply() {
	}

	public static String of(Reply reply) {
		return TwimlWriter.write(reply);
	}

}

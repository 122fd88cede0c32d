package io.github.twiliospring.messaging.webhook;

import java.io.StringWriter;
import java.net.URI;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import org.jspecify.annotations.Nullable;

/**
 * Renders a reply as TwiML.
 */
final class TwimlWriter {

	// The JDK's own, whatever another library on the class path brings.
	private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

	private static final int REPLACEMENT = 0xFFFD;

	/** What says nothing. */
	static final String EMPTY = write(Reply.none());

	private TwimlWriter() {
	}

	/**
	 * Renders a reply.
	 * @param reply the reply
	 * @return a document with the root {@code Response}
	 */
	static String write(Reply reply) {
		StringWriter target = new StringWriter();
		try {
			XMLStreamWriter writer = FACTORY.createXMLStreamWriter(target);
			writer.writeStartDocument("UTF-8", "1.0");
			writer.writeStartElement("Response");
			for (Reply.Part part : reply.parts()) {
				writer.writeStartElement("Message");
				attribute(writer, "to", part.to());
				attribute(writer, "from", part.from());
				// The provider reads one or the other and recommends both.
				attribute(writer, "statusCallback", part.statusCallback());
				attribute(writer, "action", part.statusCallback());
				if (part.text() != null) {
					element(writer, "Body", part.text());
				}
				for (URI media : part.media()) {
					element(writer, "Media", media.toString());
				}
				writer.writeEndElement();
			}
			Reply.Redirect redirect = reply.redirect();
			if (redirect != null) {
				writer.writeStartElement("Redirect");
				attribute(writer, "method", redirect.method());
				writer.writeCharacters(legal(redirect.url().toString()));
				writer.writeEndElement();
			}
			writer.writeEndElement();
			writer.writeEndDocument();
			writer.close();
		}
		catch (XMLStreamException ex) {
			throw new IllegalStateException("The reply can't be rendered", ex);
		}
		return target.toString();
	}

	private static void attribute(XMLStreamWriter writer, String name, @Nullable Object value)
			throws XMLStreamException {
		if (value != null) {
			writer.writeAttribute(name, legal(value.toString()));
		}
	}

	private static void element(XMLStreamWriter writer, String name, String text) throws XMLStreamException {
		writer.writeStartElement(name);
		writer.writeCharacters(legal(text));
		writer.writeEndElement();
	}

	// XML 1.0 has no way to write these, and a parser would refuse the whole document.
	private static String legal(String text) {
		StringBuilder legal = new StringBuilder(text.length());
		text.codePoints()
			.map((character) -> isLegal(character) ? character : REPLACEMENT)
			.forEach(legal::appendCodePoint);
		return legal.toString();
	}

	private static boolean isLegal(int character) {
		return character == '\t' || character == '\n' || character == '\r' || (character >= 0x20 && character <= 0xD7FF)
				|| (character >= 0xE000 && character <= 0xFFFD) || character >= 0x10000;
	}

}

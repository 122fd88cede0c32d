package io.github.twiliospring.messaging.simulator.engine;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads the TwiML that answers an incoming message: the replies in it and the redirect
 * that ends it, other verbs being ignored. Document types and external entities are
 * refused.
 */
final class TwimlReader {

	private TwimlReader() {
	}

	static Answer read(String xml) {
		if (xml.isBlank()) {
			return new Answer(List.of(), null);
		}
		Element response = parse(xml).getDocumentElement();
		if (!"Response".equals(response.getTagName())) {
			throw new TwimlException("The root is <" + response.getTagName() + ">, not <Response>");
		}
		List<Reply> replies = new ArrayList<>();
		for (Element verb : children(response)) {
			if ("Message".equals(verb.getTagName()) || "Sms".equals(verb.getTagName())) {
				replies.add(reply(verb));
			}
			else if ("Redirect".equals(verb.getTagName())) {
				// What follows a redirect is never reached.
				boolean get = "GET".equalsIgnoreCase(verb.getAttribute("method").strip());
				return new Answer(replies, new Redirect(get ? "GET" : "POST", verb.getTextContent().strip()));
			}
		}
		return new Answer(replies, null);
	}

	private static Reply reply(Element verb) {
		StringBuilder body = new StringBuilder();
		List<String> media = new ArrayList<>();
		for (Node node = verb.getFirstChild(); node != null; node = node.getNextSibling()) {
			if (node instanceof Element element && "Media".equals(element.getTagName())) {
				media.add(element.getTextContent().strip());
			}
			else if (node instanceof Element element && "Body".equals(element.getTagName())) {
				body.append(element.getTextContent());
			}
			else if (node.getNodeType() == Node.TEXT_NODE || node.getNodeType() == Node.CDATA_SECTION_NODE) {
				body.append(node.getTextContent());
			}
		}
		String callback = attribute(verb, "statusCallback");
		return new Reply(attribute(verb, "to"), attribute(verb, "from"), body.toString().strip(), media,
				(callback != null) ? callback : attribute(verb, "action"));
	}

	private static @Nullable String attribute(Element element, String name) {
		String value = element.getAttribute(name);
		return value.isEmpty() ? null : value;
	}

	private static List<Element> children(Element parent) {
		List<Element> children = new ArrayList<>();
		for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
			if (node instanceof Element element) {
				children.add(element);
			}
		}
		return children;
	}

	private static Document parse(String xml) {
		try {
			DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
			factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
			factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
			factory.setXIncludeAware(false);
			factory.setExpandEntityReferences(false);
			DocumentBuilder builder = factory.newDocumentBuilder();
			// The default handler prints to the standard error stream.
			builder.setErrorHandler(new DefaultHandler());
			return builder.parse(new InputSource(new StringReader(xml)));
		}
		catch (SAXException | IOException ex) {
			throw new TwimlException(String.valueOf(ex.getMessage()));
		}
		catch (ParserConfigurationException ex) {
			throw new IllegalStateException("This JVM's XML parser can't be secured", ex);
		}
	}

	/**
	 * What a document asks for.
	 *
	 * @param replies the replies, in order
	 * @param redirect where the next document is, or {@code null}
	 */
	record Answer(List<Reply> replies, @Nullable Redirect redirect) {

	}

	/**
	 * Where the next document is.
	 *
	 * @param method {@code GET} or {@code POST}
	 * @param url absolute, or relative to this document
	 */
	record Redirect(String method, String url) {

	}

	/**
	 * One reply.
	 *
	 * @param to the recipient, {@code null} for whoever wrote
	 * @param from the sender, {@code null} for the number that was written to
	 * @param body the text
	 * @param media the media's addresses, absolute or relative to the document
	 * @param statusCallback where its status is reported, absolute or relative to the
	 * document, or {@code null}
	 */
	record Reply(@Nullable String to, @Nullable String from, String body, List<String> media,
			@Nullable String statusCallback) {

	}

	/** An answer that isn't TwiML. */
	static final class TwimlException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		TwimlException(String message) {
			super(message, null, false, false);
		}

	}

}

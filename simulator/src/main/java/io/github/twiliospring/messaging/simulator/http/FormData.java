package io.github.twiliospring.messaging.simulator.http;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import org.jspecify.annotations.Nullable;

/**
 * Decoded parameters of a form or a query. Immutable.
 */
public final class FormData {

	/** No parameters. */
	public static final FormData EMPTY = new FormData(Map.of());

	private final Map<String, List<String>> values;

	private FormData(Map<String, List<String>> values) {
		this.values = values;
	}

	/**
	 * Reads an encoded form.
	 * @param encoded {@code name=value} pairs
	 * @return the parameters
	 * @throws MalformedRequestException if an escape sequence is malformed
	 */
	public static FormData parse(String encoded) {
		if (encoded.isEmpty()) {
			return EMPTY;
		}
		Map<String, List<String>> values = new LinkedHashMap<>();
		for (String pair : encoded.split("&")) {
			if (!pair.isEmpty()) {
				int equals = pair.indexOf('=');
				String name = decode((equals >= 0) ? pair.substring(0, equals) : pair);
				String value = (equals >= 0) ? decode(pair.substring(equals + 1)) : "";
				values.computeIfAbsent(name, (key) -> new ArrayList<>(1)).add(value);
			}
		}
		return new FormData(values);
	}

	/**
	 * Reads a form in parts, as {@code curl -F} sends it.
	 * @param contentType says what stands between the parts
	 * @param body the parts
	 * @return the parameters
	 * @throws MalformedRequestException if it can't be read, or a file is among them
	 */
	public static FormData parseMultipart(String contentType, String body) {
		FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/",
				Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
		request.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
		Map<String, List<String>> values = new LinkedHashMap<>();
		try {
			if (!HttpPostRequestDecoder.isMultipart(request)) {
				throw new MalformedRequestException("The parts of the form have no boundary");
			}
			HttpPostRequestDecoder decoder = new HttpPostRequestDecoder(new DefaultHttpDataFactory(false), request);
			try {
				for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
					if (!(part instanceof Attribute attribute)) {
						throw new MalformedRequestException("'" + part.getName() + "' is a file, not a text");
					}
					values.computeIfAbsent(part.getName(), (key) -> new ArrayList<>(1)).add(attribute.getValue());
				}
			}
			finally {
				decoder.destroy();
			}
		}
		catch (DecoderException | IOException ex) {
			throw new MalformedRequestException("The parts of the form can't be read");
		}
		finally {
			request.release();
		}
		if (values.isEmpty()) {
			throw new MalformedRequestException("The form has no parts");
		}
		return new FormData(values);
	}

	/**
	 * A parameter's first value.
	 * @param name its name
	 * @return the value, or {@code null} if it's missing
	 */
	public @Nullable String first(String name) {
		List<String> all = this.values.get(name);
		return (all != null) ? all.get(0) : null;
	}

	/**
	 * A parameter's first value, where an empty one counts as missing.
	 * @param name its name
	 * @return the value, or {@code null} if it's missing or empty
	 */
	public @Nullable String text(String name) {
		String value = first(name);
		return (value == null || value.isEmpty()) ? null : value;
	}

	/**
	 * All values of a parameter.
	 * @param name its name
	 * @return in order, empty if it's missing
	 */
	public List<String> all(String name) {
		return this.values.getOrDefault(name, List.of());
	}

	/**
	 * All parameters.
	 * @return the values by name, in order
	 */
	public Map<String, List<String>> values() {
		return this.values;
	}

	private static String decode(String text) {
		try {
			return URLDecoder.decode(text, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw new MalformedRequestException("The parameters can't be decoded");
		}
	}

}

package io.github.twiliospring.messaging.simulator.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.github.twiliospring.messaging.simulator.http.FormData;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import io.github.twiliospring.messaging.simulator.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what a control request says, in its query, its form or its JSON body, whichever
 * the client finds easiest, into the record of its route.
 */
final class Parameters {

	private Parameters() {
	}

	/** The names that a record's parameters have in requests. */
	static List<String> names(Class<? extends Record> type) {
		return Stream.of(type.getRecordComponents())
			.map((component) -> component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
			.toList();
	}

	static <P extends Record> P read(Request request, Class<P> type) {
		ObjectNode given = given(request);
		try {
			return ControlJson.MAPPER.treeToValue(given, type);
		}
		catch (UnrecognizedPropertyException ex) {
			List<String> known = names(type);
			throw new MalformedRequestException("'" + ex.getPropertyName() + "' is unknown here; known are "
					+ (known.isEmpty() ? "none" : String.join(", ", known)));
		}
		catch (ValueInstantiationException ex) {
			Throwable cause = ex.getCause();
			throw new MalformedRequestException((cause != null) ? String.valueOf(cause.getMessage()) : "Can't be read");
		}
		catch (DatabindException ex) {
			String name = ex.getPath().isEmpty() ? "" : String.valueOf(ex.getPath().get(0).getPropertyName());
			JsonNode value = given.path(name);
			throw new MalformedRequestException("'" + name + "' is " + wanted(ex) + ", not "
					+ (value.isValueNode() ? "'" + value.asString() + "'" : value.toString()));
		}
	}

	private static ObjectNode given(Request request) {
		ObjectNode all = ControlJson.MAPPER.createObjectNode();
		add(all, request.query());
		String body = request.body().strip();
		String type = String.valueOf(request.header("content-type"));
		if (body.startsWith("{") || (!body.isEmpty() && type.contains("json"))) {
			for (Map.Entry<String, JsonNode> property : json(body).properties()) {
				add(all, property.getKey(), property.getValue());
			}
		}
		else {
			add(all, type.startsWith("multipart/") ? request.form() : FormData.parse(body));
		}
		return all;
	}

	private static JsonNode json(String body) {
		try {
			JsonNode json = ControlJson.MAPPER.readTree(body);
			if (json.isObject()) {
				return json;
			}
			throw new MalformedRequestException("The body has to be a JSON object");
		}
		catch (JacksonException ex) {
			throw new MalformedRequestException("The body is no JSON object: " + ex.getOriginalMessage());
		}
	}

	private static void add(ObjectNode all, FormData form) {
		form.values()
			.forEach((name, values) -> values
				.forEach((value) -> add(all, name, ControlJson.MAPPER.getNodeFactory().stringNode(value))));
	}

	/** What's empty counts as not given, what's given twice is a list. */
	private static void add(ObjectNode all, String name, JsonNode value) {
		JsonNode known = all.get(name);
		if (known instanceof ArrayNode list) {
			list.add(value);
		}
		else if (known != null && !known.isNull()) {
			all.putArray(name).add(known).add(value);
		}
		else {
			boolean empty = value.isNull() || (value.isString() && value.asString().isEmpty());
			all.set(name, empty ? ControlJson.MAPPER.nullNode() : value);
		}
	}

	private static String wanted(DatabindException error) {
		Class<?> type = (error instanceof InvalidFormatException format) ? format.getTargetType() : null;
		if (type == Duration.class) {
			return "a duration such as PT15M";
		}
		if (type == Instant.class) {
			return "an instant such as 2026-01-01T09:00:00Z";
		}
		if (type == Integer.class) {
			return "a whole number";
		}
		if (type == Double.class) {
			return "a number";
		}
		if (type == Boolean.class) {
			return "true or false";
		}
		if (type != null && type.isEnum()) {
			return "one of " + String.join(", ", Stream.of(type.getEnumConstants()).map(Parameters::name).toList());
		}
		return "one value that can be read";
	}

	private static String name(Object constant) {
		return constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static <T> T required(String name, @Nullable T value) {
		if (value == null) {
			throw new MalformedRequestException("'" + name + "' is required");
		}
		return value;
	}

}

package io.github.twiliospring.messaging.simulator.control;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.twiliospring.messaging.simulator.http.FormData;
import io.github.twiliospring.messaging.simulator.http.MalformedRequestException;
import io.github.twiliospring.messaging.simulator.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a control request says: in its query, its form or its JSON body, whichever the
 * client finds easiest.
 */
final class ControlParameters {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final Map<String, List<String>> values = new LinkedHashMap<>();

	private ControlParameters() {
	}

	static ControlParameters of(Request request) {
		ControlParameters parameters = new ControlParameters();
		parameters.add(request.query());
		String body = request.body().strip();
		if (body.startsWith("{")) {
			parameters.addJson(body);
		}
		else if (!body.isEmpty()) {
			String type = request.header("content-type");
			if (type != null && type.contains("json")) {
				throw new MalformedRequestException("The body has to be a JSON object");
			}
			parameters.add(FormData.parse(body));
		}
		return parameters;
	}

	private void add(FormData form) {
		form.values().forEach((name, all) -> this.values.computeIfAbsent(name, (key) -> new ArrayList<>()).addAll(all));
	}

	private void addJson(String body) {
		try {
			JsonNode json = MAPPER.readTree(body);
			for (Map.Entry<String, JsonNode> property : json.properties()) {
				List<String> all = this.values.computeIfAbsent(property.getKey(), (key) -> new ArrayList<>());
				JsonNode value = property.getValue();
				if (value.isArray()) {
					value.forEach((element) -> all.add(element.asString()));
				}
				else if (!value.isNull()) {
					all.add(value.asString());
				}
			}
		}
		catch (JacksonException ex) {
			throw new MalformedRequestException("The body is no JSON object: " + ex.getOriginalMessage());
		}
	}

	Set<String> names() {
		return this.values.keySet();
	}

	@Nullable String text(String name) {
		List<String> all = this.values.get(name);
		return (all == null || all.isEmpty() || all.get(0).isEmpty()) ? null : all.get(0);
	}

	String required(String name) {
		String value = text(name);
		if (value == null) {
			throw new MalformedRequestException("'" + name + "' is required");
		}
		return value;
	}

	List<String> all(String name) {
		return this.values.getOrDefault(name, List.of());
	}

	int integer(String name, int fallback) {
		String value = text(name);
		try {
			return (value != null) ? Integer.parseInt(value) : fallback;
		}
		catch (NumberFormatException ex) {
			throw new MalformedRequestException("'" + name + "' is a whole number, not '" + value + "'");
		}
	}

	double number(String name, double fallback) {
		String value = text(name);
		try {
			return (value != null) ? Double.parseDouble(value) : fallback;
		}
		catch (NumberFormatException ex) {
			throw new MalformedRequestException("'" + name + "' is a number, not '" + value + "'");
		}
	}

	boolean flag(String name) {
		return Boolean.parseBoolean(text(name));
	}

	Duration duration(String name) {
		String value = required(name);
		try {
			return Duration.parse(value);
		}
		catch (DateTimeException ex) {
			throw new MalformedRequestException("'" + name + "' is a duration such as PT15M, not '" + value + "'");
		}
	}

	Duration duration(String name, Duration fallback) {
		return (text(name) != null) ? duration(name) : fallback;
	}

	Instant instant(String name) {
		String value = required(name);
		try {
			return Instant.parse(value);
		}
		catch (DateTimeException ex) {
			throw new MalformedRequestException(
					"'" + name + "' is an instant such as 2026-01-01T09:00:00Z, not '" + value + "'");
		}
	}

	<E extends Enum<E>> E oneOf(String name, Class<E> type) {
		String value = required(name);
		for (E constant : type.getEnumConstants()) {
			if (constant.name().replace('_', '-').equalsIgnoreCase(value.replace('_', '-'))) {
				return constant;
			}
		}
		StringBuilder names = new StringBuilder();
		for (E constant : type.getEnumConstants()) {
			names.append(names.isEmpty() ? "" : ", ").append(ControlJson.name(constant));
		}
		throw new MalformedRequestException("'" + name + "' is one of " + names + ", not '" + value + "'");
	}

}

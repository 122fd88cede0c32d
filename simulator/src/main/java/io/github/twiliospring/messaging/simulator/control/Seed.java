package io.github.twiliospring.messaging.simulator.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.engine.WorldListener;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;
import io.github.twiliospring.messaging.simulator.state.StateException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a simulator begins with: a JSON object in which each list holds what the control's
 * request of that name takes.
 */
public final class Seed {

	/** In this order, since what belongs to an account needs it. */
	private static final List<String> LISTS = List.of("accounts", "numbers", "services", "applications", "templates",
			"links", "outcomes", "faults");

	private final String name;

	private final List<Planted> all;

	private Seed(String name, List<Planted> all) {
		this.name = name;
		this.all = all;
	}

	/**
	 * Reads a seed.
	 * @param file the file
	 * @return the seed
	 * @throws StateException if it can't be read
	 */
	public static Seed read(Path file) {
		try {
			JsonNode json = ControlJson.MAPPER.readTree(Files.readAllBytes(file));
			if (!json.isObject()) {
				throw unusable(file.toString(), "it's no JSON object");
			}
			for (Map.Entry<String, JsonNode> list : json.properties()) {
				if (!LISTS.contains(list.getKey()) || !list.getValue().isArray()) {
					throw unusable(file.toString(),
							"'" + list.getKey() + "' isn't one of the lists " + String.join(", ", LISTS));
				}
			}
			List<Planted> all = new ArrayList<>();
			for (String list : LISTS) {
				int number = 0;
				for (JsonNode entry : json.path(list)) {
					all.add(new Planted(list, number++, entry.toString()));
				}
			}
			return new Seed(file.toString(), all);
		}
		catch (JacksonException ex) {
			throw unusable(file.toString(), "it's no JSON: " + ex.getOriginalMessage());
		}
		catch (IOException ex) {
			throw unusable(file.toString(), "it can't be read (" + ex.getClass().getSimpleName() + ")");
		}
	}

	/**
	 * Does what the seed says.
	 * @param control how
	 * @throws StateException if the control refuses a part of it
	 */
	public void plant(ControlApi control) {
		for (Planted each : this.all) {
			Response response = control.apply(new Request("POST", "/simulator/" + each.list, "",
					Map.of("content-type", "application/json"), each.entry, false, false));
			if (response.status() >= 300) {
				String error = ControlJson.MAPPER.readTree(response.body()).path("error").asString("");
				throw unusable(this.name, each.list + "[" + each.number + "]: " + error);
			}
		}
	}

	/**
	 * Does it again after each reset of everything.
	 * @param control how
	 * @return what hears of resets
	 */
	public WorldListener again(ControlApi control) {
		return new WorldListener() {

			@Override
			public void reset(@Nullable String accountSid) {
				if (accountSid == null) {
					plant(control);
				}
			}

		};
	}

	private static StateException unusable(String file, String why) {
		return new StateException("The seed in " + file + " can't be used: " + why);
	}

	/**
	 * One request.
	 *
	 * @param list its name
	 * @param number its place in its list
	 * @param entry what it says
	 */
	private record Planted(String list, int number, String entry) {

	}

}

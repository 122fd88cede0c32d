package io.github.twiliospring.messaging.simulator.control;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * One request that the control API takes.
 *
 * @param <P> what it says
 * @param method the HTTP method
 * @param path the path below {@code /simulator}; a part in braces may be anything
 * @param parameters what it says, a component for each parameter
 * @param purpose what it does, for the documentation
 * @param handler does it
 */
record Route<P extends Record>(String method, String path, Class<P> parameters, String purpose, Handler<P> handler) {

	/**
	 * What stands in place of the braces, empty without any, or {@code null} if it's
	 * another path.
	 */
	@Nullable String match(String requestPath) {
		List<String> wanted = List.of(this.path.split("/"));
		List<String> given = List.of(requestPath.split("/", -1));
		String variable = "";
		if (wanted.size() != given.size()) {
			return null;
		}
		for (int i = 0; i < wanted.size(); i++) {
			if (wanted.get(i).startsWith("{") && !given.get(i).isEmpty()) {
				variable = given.get(i);
			}
			else if (!wanted.get(i).equals(given.get(i))) {
				return null;
			}
		}
		return variable;
	}

	/** Reads outside of the world, and acts inside it. */
	Function<World, Response> prepare(Request request, String variable) {
		P read = Parameters.read(request, this.parameters);
		return (world) -> this.handler.handle(world, read, variable);
	}

	/** Its row in the table of the documentation. */
	String documentation(String prefix) {
		String names = Parameters.names(this.parameters)
			.stream()
			.map((name) -> "`" + name + "`")
			.collect(Collectors.joining(", "));
		return "| `" + this.method + " " + prefix + this.path + "` | " + names + (names.isEmpty() ? "| " : " | ")
				+ this.purpose + " |";
	}

	/**
	 * Does what a request asks for.
	 *
	 * @param <P> what it says
	 */
	@FunctionalInterface
	interface Handler<P> {

		Response handle(World world, P parameters, String variable);

	}

}

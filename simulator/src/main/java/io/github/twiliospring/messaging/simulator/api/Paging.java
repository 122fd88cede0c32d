package io.github.twiliospring.messaging.simulator.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.http.FormData;
import io.github.twiliospring.messaging.simulator.http.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One page of a list, and the relative addresses of its neighbours.
 *
 * @param number the page's number, from 0
 * @param size how many rows a page has at most
 * @param token where it begins: {@code PA} and the SID of the row before it, {@code PB}
 * and the SID of the row after it, or {@code null} for a page by number
 * @param version which of several lists that have the token means, or {@code null}
 */
record Paging(int number, int size, @Nullable String token, @Nullable Long version) {

	/** The parameter that names a version. */
	static final String VERSION = "PageVersion";

	private static final int DEFAULT_SIZE = 50;

	private static final int MAXIMUM_SIZE = 1000;

	static Paging of(FormData query) {
		String size = query.text("PageSize");
		if (size != null && (!size.matches("\\d{1,18}") || Long.parseLong(size) < 1)) {
			throw ApiException.badRequest(20001, "Invalid parameter: PageSize");
		}
		if (size != null && Long.parseLong(size) > MAXIMUM_SIZE) {
			throw ApiException.badRequest(20007, "Page size too large");
		}
		String page = query.text("Page");
		if (page != null && !page.matches("\\d{1,7}")) {
			throw ApiException.badRequest(20001, "Invalid parameter: Page");
		}
		String token = query.text("PageToken");
		if (token != null && !token.matches("P[AB][A-Z]{2}[0-9a-fA-F]{32}")) {
			throw invalidToken();
		}
		String version = query.text(VERSION);
		if (version != null && !version.matches("\\d{1,18}")) {
			throw invalidToken();
		}
		return new Paging((page != null) ? Integer.parseInt(page) : 0,
				(size != null) ? Integer.parseInt(size) : DEFAULT_SIZE, token,
				(version != null) ? Long.valueOf(version) : null);
	}

	static ApiException invalidToken() {
		return ApiException.badRequest(21481, "The page token is invalid.");
	}

	boolean isBackward() {
		return this.token != null && this.token.startsWith("PB");
	}

	@Nullable String tokenSid() {
		return (this.token != null) ? this.token.substring(2) : null;
	}

	/**
	 * Cuts the page out of all rows.
	 * @param <T> a row
	 * @param rows all rows of the list, in order
	 * @param position finds where the token's row stands or stood: the index of the first
	 * row after it, and of the row itself for a token that leads backwards
	 * @return the page
	 */
	<T> Slice<T> cut(List<T> rows, Function<String, Integer> position) {
		String sid = tokenSid();
		int from;
		int to;
		if (sid == null) {
			from = (int) Math.min((long) this.number * this.size, rows.size());
			to = Math.min(from + this.size, rows.size());
		}
		else if (isBackward()) {
			to = position.apply(sid);
			from = Math.max(0, to - this.size);
		}
		else {
			from = position.apply(sid);
			to = Math.min(from + this.size, rows.size());
		}
		return new Slice<>(rows.subList(from, to), from > 0, to < rows.size());
	}

	<T> ObjectNode write(Request request, String key, Slice<T> slice, Function<T, JsonNode> row,
			Function<T, String> sid) {
		List<T> rows = slice.rows();
		ObjectNode json = Json.object();
		long start = rows.isEmpty() ? 0 : (long) this.number * this.size;
		json.put("page", this.number);
		json.put("page_size", this.size);
		json.put("start", start);
		json.put("end", rows.isEmpty() ? 0 : start + rows.size() - 1);
		json.put("uri", uri(request, this.number,
				(this.version != null) ? this.token + "&" + VERSION + "=" + this.version : this.token));
		json.put("first_page_uri", uri(request, 0, null));
		json.put("next_page_uri",
				slice.hasNext() ? uri(request, this.number + 1, "PA" + sid.apply(rows.get(rows.size() - 1))) : null);
		json.put("previous_page_uri", (slice.hasPrevious() && this.number > 0 && !rows.isEmpty())
				? uri(request, this.number - 1, "PB" + sid.apply(rows.get(0))) : null);
		ArrayNode array = json.putArray(key);
		rows.forEach((one) -> array.add(row.apply(one)));
		return json;
	}

	private String uri(Request request, int page, @Nullable String pageToken) {
		String filters = request.query()
			.values()
			.entrySet()
			.stream()
			.filter((entry) -> !entry.getKey().startsWith("Page"))
			.flatMap((entry) -> entry.getValue().stream().map((value) -> encode(entry.getKey()) + "=" + encode(value)))
			.map((pair) -> pair + "&")
			.collect(Collectors.joining());
		return request.path() + "?" + filters + "PageSize=" + this.size + "&Page=" + page
				+ ((pageToken != null) ? "&PageToken=" + pageToken : "");
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

	/**
	 * The rows of a page.
	 *
	 * @param <T> a row
	 * @param rows the rows, in order
	 * @param hasPrevious whether there are rows before
	 * @param hasNext whether there are rows after
	 */
	record Slice<T>(List<T> rows, boolean hasPrevious, boolean hasNext) {

	}

}

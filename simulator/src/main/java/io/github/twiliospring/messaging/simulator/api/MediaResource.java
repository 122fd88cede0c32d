package io.github.twiliospring.messaging.simulator.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.StoredMedia;
import io.github.twiliospring.messaging.simulator.engine.StoredMessage;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.http.Request;
import io.github.twiliospring.messaging.simulator.http.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The media of a message. Their content is a placeholder: the simulator never loads
 * anything from the addresses that it's given.
 */
final class MediaResource {

	private static final Map<String, byte[]> PICTURES = new ConcurrentHashMap<>();

	private static final String IMAGE = "image/";

	private MediaResource() {
	}

	static Response list(Account account, String messageSid, Request request) {
		StoredMessage message = account.messages().get(messageSid);
		if (message == null) {
			throw ApiException.notFound(request.path());
		}
		if (!"GET".equals(request.method())) {
			throw ApiException.notAllowed("GET");
		}
		Paging paging = Paging.of(request.query());
		Predicate<Instant> dates = DateFilter.of(request.query(), "DateCreated");
		List<StoredMedia> rows = message.media().stream().filter((media) -> dates.test(media.created())).toList();
		Paging.Slice<StoredMedia> slice = paging.cut(rows, (sid) -> position(rows, sid, paging.isBackward()));
		return Json.response(200, paging.write(request, "media_list", slice,
				(media) -> write(account, messageSid, media), StoredMedia::sid));
	}

	static Response one(World world, Account account, String messageSid, String name, Request request) {
		boolean json = name.endsWith(".json");
		StoredMedia media = find(account, messageSid, MessageApi.withoutSuffix(name));
		if (media == null) {
			throw ApiException.notFound(request.path());
		}
		return switch (request.method()) {
			case "GET" -> json ? Json.response(200, write(account, messageSid, media)) : content(media);
			case "DELETE" -> {
				world.life().deleteMedia(account, messageSid, media);
				yield Response.empty(204);
			}
			default -> throw ApiException.notAllowed("GET, DELETE");
		};
	}

	private static @Nullable StoredMedia find(Account account, String messageSid, String mediaSid) {
		StoredMessage message = account.messages().get(messageSid);
		if (message == null) {
			// Deleted, but another message may still hold the same medium.
			return account.mediaLibrary().findShared(messageSid, mediaSid);
		}
		return message.media().stream().filter((media) -> media.sid().equals(mediaSid)).findFirst().orElse(null);
	}

	private static int position(List<StoredMedia> rows, String sid, boolean inclusive) {
		for (int i = 0; i < rows.size(); i++) {
			if (rows.get(i).sid().equals(sid)) {
				return inclusive ? i : i + 1;
			}
		}
		throw Paging.invalidToken();
	}

	private static Response content(StoredMedia media) {
		String type = media.contentType();
		return Response.of(200, type,
				type.startsWith(IMAGE)
						? PICTURES.computeIfAbsent(type.substring(IMAGE.length()), MediaResource::picture)
						: media.url().getBytes(StandardCharsets.UTF_8));
	}

	/** One of one pixel, of the kind that the address promises. */
	private static byte[] picture(String kind) {
		try (InputStream stream = MediaResource.class.getResourceAsStream("pixel." + kind)) {
			if (stream == null) {
				throw new IllegalStateException("There's no picture of type " + kind);
			}
			return stream.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ObjectNode write(Account account, String messageSid, StoredMedia media) {
		ObjectNode json = Json.object();
		json.put("sid", media.sid());
		json.put("account_sid", account.sid());
		json.put("parent_sid", messageSid);
		json.put("content_type", media.contentType());
		json.put("date_created", ProviderDates.format(media.created()));
		json.put("date_updated", ProviderDates.format(media.created()));
		json.put("uri", Paths.message(account.sid(), messageSid) + "/Media/" + media.sid() + ".json");
		return json;
	}

}

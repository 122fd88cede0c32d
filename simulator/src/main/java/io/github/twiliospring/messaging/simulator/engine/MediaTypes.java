package io.github.twiliospring.messaging.simulator.engine;

import java.util.Locale;
import java.util.Map;

/**
 * What kind of content a media address promises.
 */
final class MediaTypes {

	private static final Map<String, String> BY_EXTENSION = Map.of("jpg", "image/jpeg", "jpeg", "image/jpeg", "png",
			"image/png", "gif", "image/gif", "pdf", "application/pdf", "mp3", "audio/mpeg", "mp4", "video/mp4", "vcf",
			"text/vcard", "txt", "text/plain");

	private MediaTypes() {
	}

	static String guess(String url) {
		String path = url.replaceFirst("[?#].*", "");
		String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
		return BY_EXTENSION.getOrDefault(extension, "image/jpeg");
	}

}

package io.github.twiliospring.messaging.simulator.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

import io.github.twiliospring.messaging.simulator.engine.WorldState;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file that holds a state: replaced as a whole, by one simulator at a time, and never
 * where it isn't understood. Tokens and texts are in it, so it's its owner's alone.
 */
final class StateFile implements AutoCloseable {

	private static final String FORMAT = "twilio-messaging-simulator";

	/** Rises where an older program would misread the file. */
	private static final int VERSION = 2;

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
				DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
				DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build();

	private final Path path;

	private final FileChannel lock;

	private StateFile(Path path, FileChannel lock) {
		this.path = path;
		this.lock = lock;
	}

	/**
	 * Takes a file for this simulator alone.
	 * @throws StateException if another one has it, or it can't be kept there
	 */
	static StateFile open(Path given) {
		Path path = given.toAbsolutePath();
		try {
			Files.createDirectories(path.getParent());
			FileChannel channel = FileChannel.open(path.resolveSibling("." + path.getFileName() + ".lock"),
					StandardOpenOption.CREATE, StandardOpenOption.WRITE);
			if (tryLock(channel) == null) {
				channel.close();
				throw new StateException("Another simulator keeps its state in " + path + "; name another file");
			}
			return new StateFile(path, channel);
		}
		catch (IOException ex) {
			throw new StateException("The state can't be kept in " + path + " (" + ex.getClass().getSimpleName()
					+ "); name a file that this program may write", ex);
		}
	}

	private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			return null;
		}
	}

	/**
	 * Reads the file.
	 * @return the state, or {@code null} if there's no file yet
	 * @throws StateException if it can't be used; it's left as it is
	 */
	@Nullable WorldState read() {
		if (Files.notExists(this.path)) {
			return null;
		}
		try {
			JsonNode json = MAPPER.readTree(Files.readAllBytes(this.path));
			if (!FORMAT.equals(json.path("format").asString(""))) {
				throw unusable("it isn't a simulator's state", null);
			}
			int version = json.path("version").asInt(0);
			if (version < 1 || version > VERSION) {
				throw unusable("its version is " + version + ", and this simulator reads versions 1 to " + VERSION,
						null);
			}
			if (version == 1) {
				addClicks(json.path("world"));
			}
			WorldState world = MAPPER.treeToValue(json.path("world"), WorldState.class);
			if (world == null) {
				throw unusable("it's incomplete", null);
			}
			return world;
		}
		catch (JacksonException ex) {
			TokenStreamLocation location = ex.getLocation();
			String where = (location != null && location.getLineNr() > 0)
					? " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")" : "";
			throw unusable("it's broken, or isn't a simulator's state" + where, ex);
		}
		catch (IOException ex) {
			throw unusable("it can't be read", ex);
		}
	}

	/** Version 1 didn't know how often links were followed. */
	private static void addClicks(JsonNode world) {
		for (JsonNode account : world.path("accounts")) {
			for (JsonNode link : account.path("links")) {
				if (link instanceof ObjectNode object) {
					object.put("clicks", 0).putArray("lastClicks");
				}
			}
		}
	}

	/** Whoever is killed meanwhile leaves the file as it was. */
	void write(WorldState world) throws IOException {
		byte[] bytes = MAPPER.writeValueAsBytes(new Content(FORMAT, VERSION, world));
		Path temporary = this.path.resolveSibling("." + this.path.getFileName() + ".tmp");
		Files.deleteIfExists(temporary);
		Files.createFile(temporary);
		PosixFileAttributeView posix = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
		if (posix != null) {
			posix.setPermissions(PosixFilePermissions.fromString("rw-------"));
		}
		try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
			ByteBuffer buffer = ByteBuffer.wrap(bytes);
			while (buffer.hasRemaining()) {
				channel.write(buffer);
			}
			channel.force(true);
		}
		Files.move(temporary, this.path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
	}

	@Override
	public void close() throws IOException {
		this.lock.close();
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

	private StateException unusable(String why, @Nullable Exception cause) {
		String message = "The state in " + this.path + " can't be used: " + why
				+ ". The file is left as it is; move it away, or name another one";
		// What failed to be read may be a number or a text.
		return (cause instanceof IOException) ? new StateException(message, cause) : new StateException(message);
	}

	/**
	 * What's in the file.
	 *
	 * @param format whose it is
	 * @param version how it's to be read
	 * @param world the state
	 */
	private record Content(String format, int version, WorldState world) {

	}

}

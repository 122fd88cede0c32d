package io.github.twiliospring.messaging;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * The bytes that an attempt opened, until they're read. If nobody does, because a
 * deadline or a cancellation came just then, their connection is closed.
 */
final class OpenedContent {

	private static final Flux<DataBuffer> TAKEN = Flux.empty();

	private final AtomicReference<@Nullable Flux<DataBuffer>> body = new AtomicReference<>();

	/**
	 * Keeps bytes, or closes them where it's too late.
	 */
	void keep(Flux<DataBuffer> opened) {
		if (!this.body.compareAndSet(null, opened)) {
			discard(opened);
		}
	}

	Flux<DataBuffer> read() {
		Flux<DataBuffer> opened = this.body.getAndSet(TAKEN);
		return (opened != null) ? opened : TAKEN;
	}

	void close() {
		discard(read());
	}

	static void discard(Flux<DataBuffer> opened) {
		opened.subscribe(DataBufferUtils::release, (failure) -> {
		}).dispose();
	}

}

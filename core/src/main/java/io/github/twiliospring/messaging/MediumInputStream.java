package io.github.twiliospring.messaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import io.github.twiliospring.messaging.error.MessagingException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * The bytes of a medium, one buffer in memory at a time. May be closed on any thread.
 */
final class MediumInputStream extends InputStream {

	private final Waiter<DataBuffer> buffers;

	// Not a monitor, which a virtual thread would keep its carrier for.
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable DataBuffer current;

	private volatile boolean closed;

	private MediumInputStream(Waiter<DataBuffer> buffers, @Nullable DataBuffer first) {
		this.buffers = buffers;
		this.current = first;
	}

	/**
	 * Waits for the first bytes.
	 */
	static InputStream open(Waiter<DataBuffer> buffers) {
		return new MediumInputStream(buffers, buffers.next());
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xFF;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, target.length);
		if (length == 0) {
			return 0;
		}
		this.lock.lock();
		try {
			DataBuffer buffer = readable();
			if (buffer == null) {
				return -1;
			}
			int count = Math.min(length, buffer.readableByteCount());
			buffer.read(target, offset, count);
			return count;
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable DataBuffer readable() throws IOException {
		DataBuffer buffer = this.current;
		while (buffer == null || buffer.readableByteCount() == 0) {
			release();
			buffer = next();
			this.current = buffer;
			if (buffer == null) {
				return null;
			}
		}
		return buffer;
	}

	private @Nullable DataBuffer next() throws IOException {
		EventLoops.refuse("mediaContent");
		DataBuffer buffer;
		try {
			buffer = this.buffers.next();
		}
		catch (MessagingException ex) {
			if (this.closed) {
				throw closed();
			}
			throw (ex.getCause() instanceof InterruptedException) ? interrupted(ex) : new IOException(ex);
		}
		if (this.closed) {
			if (buffer != null) {
				DataBufferUtils.release(buffer);
			}
			throw closed();
		}
		return buffer;
	}

	private static IOException closed() {
		return new IOException("The stream is closed");
	}

	private static InterruptedIOException interrupted(MessagingException failure) {
		InterruptedIOException interrupted = new InterruptedIOException("Interrupted while waiting for more bytes");
		interrupted.initCause(failure);
		return interrupted;
	}

	private void release() {
		if (this.current != null) {
			DataBufferUtils.release(this.current);
			this.current = null;
		}
	}

	@Override
	public void close() {
		this.closed = true;
		// First, so that a thread that waits for bytes lets go of the lock.
		this.buffers.close();
		this.lock.lock();
		try {
			release();
		}
		finally {
			this.lock.unlock();
		}
	}

}

package io.github.twiliospring.messaging.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeoutException;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Reads the body of a servlet request: what has arrived with the head at once, the rest
 * by a listener, which holds no thread. Of one that is too large it keeps nothing.
 */
final class ServletBody {

	// As much as Tomcat takes of a body that nobody reads, so that the answer isn't lost
	// with the connection (RFC 9112, section 9.6).
	private static final long MOST_SWALLOWED = 2 * 1024 * 1024;

	private static final int BUFFER_SIZE = 4096;

	private final HttpServletRequest request;

	private final WebhookLimits limits;

	private final ServletInputStream input;

	private final ByteArrayOutputStream body;

	private final byte[] buffer = new byte[BUFFER_SIZE];

	private long read;

	/**
	 * Begins to read.
	 * @param request the request
	 * @param limits how long the body may be and may take
	 * @throws IOException if the connection is gone
	 * @throws IllegalStateException if a filter reads the body as text
	 */
	ServletBody(HttpServletRequest request, WebhookLimits limits) throws IOException {
		this.request = request;
		this.limits = limits;
		this.input = request.getInputStream();
		long length = request.getContentLengthLong();
		this.body = new ByteArrayOutputStream((length > 0 && length <= limits.maximumBytes()) ? (int) length : 0);
	}

	/**
	 * Reads what has arrived.
	 * @return whether that's all
	 * @throws IOException if the connection is gone
	 */
	boolean hasArrived() throws IOException {
		long length = this.request.getContentLengthLong();
		if (length > this.limits.maximumBytes()) {
			return false;
		}
		while (length > this.read && this.input.available() > 0) {
			int count = this.input.read(this.buffer);
			if (count < 0) {
				return true;
			}
			keep(count);
		}
		return length >= 0 && this.read >= length;
	}

	/**
	 * What has been read.
	 * @return the bytes
	 */
	byte[] bytes() {
		return this.body.toByteArray();
	}

	/**
	 * Whether the rest can be waited for without a thread. A wrapper's stream may take a
	 * listener and never call it.
	 * @return whether the stream is the container's own
	 */
	boolean takesListener() {
		if (!this.request.isAsyncSupported()) {
			return false;
		}
		ServletRequest inner = this.request;
		while (inner instanceof ServletRequestWrapper wrapper) {
			inner = wrapper.getRequest();
		}
		try {
			return inner == this.request || inner.getInputStream() == this.input;
		}
		catch (IOException | IllegalStateException ex) {
			return false;
		}
	}

	/**
	 * Waits for the rest on a thread of the container's only while something arrives. The
	 * request has to be in asynchronous mode.
	 * @return the whole body, or {@link BodyTooLargeException}
	 */
	Mono<byte[]> rest() {
		return Mono.create((sink) -> {
			try {
				this.input.setReadListener(new Listener(sink));
			}
			catch (IllegalStateException | UnsupportedOperationException ex) {
				sink.error(ex);
			}
		});
	}

	/**
	 * Waits for the rest on this thread. The deadline is looked at when something
	 * arrives: a body that stalls ends at the container's own read timeout.
	 * @return the whole body
	 * @throws BodyTooLargeException if it's over the limit
	 * @throws TimeoutException if it takes too long
	 * @throws IOException if the connection is gone
	 */
	byte[] await() throws IOException, TimeoutException {
		long announced = this.request.getContentLengthLong();
		if (announced > MOST_SWALLOWED) {
			throw new BodyTooLargeException();
		}
		long deadline = System.nanoTime() + this.limits.bodyTimeout().toNanos();
		try {
			for (int count = this.input.read(this.buffer); count >= 0; count = this.input.read(this.buffer)) {
				keep(count);
				if (isTooLarge() && announced < 0) {
					throw new BodyTooLargeException();
				}
				if (System.nanoTime() - deadline > 0) {
					throw new TimeoutException();
				}
			}
		}
		catch (IOException ex) {
			if (ex instanceof SocketTimeoutException || ex.getCause() instanceof SocketTimeoutException) {
				throw new TimeoutException();
			}
			throw ex;
		}
		if (isTooLarge()) {
			throw new BodyTooLargeException();
		}
		return bytes();
	}

	private boolean isTooLarge() {
		return this.read > this.limits.maximumBytes();
	}

	private void keep(int count) {
		this.read += count;
		if (isTooLarge()) {
			this.body.reset();
		}
		else {
			this.body.write(this.buffer, 0, count);
		}
	}

	/**
	 * Takes the rest as it arrives.
	 */
	private final class Listener implements ReadListener {

		private final MonoSink<byte[]> sink;

		private boolean givenUp;

		Listener(MonoSink<byte[]> sink) {
			this.sink = sink;
			if (ServletBody.this.request.getContentLengthLong() > MOST_SWALLOWED) {
				giveUp();
			}
		}

		@Override
		public void onDataAvailable() throws IOException {
			ServletInputStream input = ServletBody.this.input;
			while (!this.givenUp && input.isReady()) {
				int count = input.read(ServletBody.this.buffer);
				if (count < 0) {
					return;
				}
				keep(count);
				if (isTooLarge() && ServletBody.this.request.getContentLengthLong() < 0) {
					giveUp();
				}
			}
		}

		@Override
		public void onAllDataRead() {
			if (isTooLarge()) {
				giveUp();
			}
			else {
				this.sink.success(bytes());
			}
		}

		@Override
		public void onError(Throwable failure) {
			this.sink.error(failure);
		}

		private void giveUp() {
			this.givenUp = true;
			this.sink.error(new BodyTooLargeException());
		}

	}

}

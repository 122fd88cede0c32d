package io.github.twiliospring.messaging.webhook;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A request that gives its body again.
 */
final class ReplayedRequest extends HttpServletRequestWrapper {

	private final byte[] body;

	private final Map<String, String[]> parameters = new LinkedHashMap<>();

	ReplayedRequest(HttpServletRequest request, byte[] body, GenuineRequest genuine) {
		super(request);
		this.body = body;
		// The query's values come before the form's (Servlet specification, 3.1).
		Map<String, List<String>> merged = new LinkedHashMap<>();
		genuine.query().forEach((name, values) -> merged.put(name, new ArrayList<>(values)));
		genuine.parameters()
			.forEach((name, values) -> merged.computeIfAbsent(name, (key) -> new ArrayList<>()).addAll(values));
		merged.forEach((name, values) -> this.parameters.put(name, values.toArray(String[]::new)));
	}

	@Override
	public ServletInputStream getInputStream() {
		return new BodyStream(new ByteArrayInputStream(this.body));
	}

	@Override
	public BufferedReader getReader() throws UnsupportedEncodingException {
		String name = getCharacterEncoding();
		return new BufferedReader(new InputStreamReader(new ByteArrayInputStream(this.body),
				(name != null) ? name : StandardCharsets.UTF_8.name()));
	}

	@Override
	public @Nullable String getParameter(String name) {
		String[] values = this.parameters.get(name);
		return (values != null) ? values[0] : null;
	}

	@Override
	public Map<String, String[]> getParameterMap() {
		return Collections.unmodifiableMap(this.parameters);
	}

	@Override
	public Enumeration<String> getParameterNames() {
		return Collections.enumeration(this.parameters.keySet());
	}

	@Override
	public String @Nullable [] getParameterValues(String name) {
		return this.parameters.get(name);
	}

	/**
	 * A body that has arrived already.
	 */
	private static final class BodyStream extends ServletInputStream {

		private final ByteArrayInputStream source;

		BodyStream(ByteArrayInputStream source) {
			this.source = source;
		}

		@Override
		public int read() {
			return this.source.read();
		}

		@Override
		public int read(byte[] target, int offset, int length) {
			return this.source.read(target, offset, length);
		}

		@Override
		public boolean isFinished() {
			return this.source.available() == 0;
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setReadListener(ReadListener listener) {
			try {
				if (!isFinished()) {
					listener.onDataAvailable();
				}
				if (isFinished()) {
					listener.onAllDataRead();
				}
			}
			catch (IOException ex) {
				listener.onError(ex);
			}
		}

	}

}

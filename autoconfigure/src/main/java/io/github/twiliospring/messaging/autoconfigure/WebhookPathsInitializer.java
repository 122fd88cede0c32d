package io.github.twiliospring.messaging.autoconfigure;

import java.util.List;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.web.servlet.ServletContextInitializer;

/**
 * Maps a servlet to those of the webhook's paths that no other is mapped to, so that the
 * container runs the webhook's filter for them.
 */
final class WebhookPathsInitializer implements ServletContextInitializer {

	private final List<String> paths;

	WebhookPathsInitializer(List<String> paths) {
		this.paths = paths;
	}

	@Override
	public void onStartup(ServletContext context) {
		String[] unmapped = this.paths.stream().filter((path) -> !isMapped(context, path)).toArray(String[]::new);
		if (unmapped.length > 0) {
			ServletRegistration.Dynamic registration = context.addServlet("twilioWebhookPaths", new NoServlet());
			registration.setAsyncSupported(true);
			registration.addMapping(unmapped);
		}
	}

	private static boolean isMapped(ServletContext context, String path) {
		return context.getServletRegistrations()
			.values()
			.stream()
			.flatMap((registration) -> registration.getMappings().stream())
			.anyMatch((mapping) -> mapping.equals("/") || mapping.equals(path)
					|| (mapping.endsWith("/*") && (path + "/").startsWith(mapping.substring(0, mapping.length() - 1))));
	}

	/**
	 * Stands where the filter answers.
	 */
	@SuppressWarnings("serial")
	private static final class NoServlet extends HttpServlet {

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) {
			response.setStatus(HttpServletResponse.SC_NOT_FOUND);
		}

	}

}

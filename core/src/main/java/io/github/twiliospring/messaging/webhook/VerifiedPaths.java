package io.github.twiliospring.messaging.webhook;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The application's own paths whose requests have to be signed.
 */
final class VerifiedPaths {

	/**
	 * What an annotated method answers to a request that no filter has verified.
	 */
	static final WebhookResponse REFUSAL = WebhookResponse.problem(403,
			"The request reached a verified webhook by a way on which it was not verified");

	private final List<PathPattern> patterns;

	/**
	 * Takes patterns.
	 * @param configured patterns as in a controller's mapping, from the configuration
	 * @param mapped patterns of annotated methods
	 */
	VerifiedPaths(List<String> configured, Stream<PathPattern> mapped) {
		Stream<PathPattern> parsed = configured.stream().map(PathPatternParser.defaultInstance::parse);
		this.patterns = Stream.concat(parsed, mapped).distinct().toList();
	}

	/**
	 * Whether a request has to be signed.
	 * @param path the path within the application
	 * @return whether a pattern matches
	 */
	boolean cover(PathContainer path) {
		for (PathPattern pattern : this.patterns) {
			if (pattern.matches(path)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether a controller's method asks for signed requests.
	 * @param type the controller
	 * @param method the method
	 * @return whether one of them is annotated
	 */
	static boolean isAnnotated(Class<?> type, Method method) {
		return Stream.<AnnotatedElement>of(type, method)
			.anyMatch((element) -> AnnotatedElementUtils.hasAnnotation(element, VerifiedWebhook.class));
	}

}

package io.github.twiliospring.messaging.webhook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a controller, or a method of one, whose requests have to be signed by the
 * provider: for webhooks that this library has no annotation for, such as those of voice
 * calls. A request that isn't genuine is answered with 403 and doesn't reach the method.
 * <p>
 * The whole path is verified, whatever the HTTP method: also for other methods that are
 * mapped to the same pattern. A form is verified by its parameters, any other body by the
 * {@code bodySHA256} of its URL, a request without a body by its URL. The method gets the
 * request as if nobody had read it; multipart is refused with 415.
 * <p>
 * The filter that verifies goes by the path as it arrives. Whatever reaches the method by
 * another way, rewritten, forwarded or under a mapping that was added later, is refused
 * with 403 at the method itself: only a request that the filter has verified passes. That
 * second check goes with the annotation; a path in
 * {@code twilio.messaging.webhook.verified-paths} doesn't have it. If Spring Security is
 * there, the application has to let the path pass without authentication and CSRF token.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface VerifiedWebhook {

}

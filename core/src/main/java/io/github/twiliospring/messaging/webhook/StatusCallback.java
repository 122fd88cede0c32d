package io.github.twiliospring.messaging.webhook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.twiliospring.messaging.message.ErrorCategory;
import io.github.twiliospring.messaging.message.MessageStatus;

import org.springframework.core.annotation.AliasFor;

/**
 * Marks a bean's method that is handed the status updates of messages: verified, each
 * status of a message once, and never backwards.
 * <p>
 * The method may take a {@link StatusUpdate}, a {@link MessageStatus}, a nullable
 * {@link io.github.twiliospring.messaging.message.MessageError}, a {@code String} with
 * {@link CallbackParameter @CallbackParameter}, and whatever a resolver bean supports.
 * With a reactive return type it's called on an event loop or another thread that mustn't
 * wait, and the status update counts as handled when the publisher completes; with any
 * other it's called on a thread that may block, on the servlet stack the container's own,
 * and counts as handled when it returns. Either is ended by
 * {@code twilio.messaging.webhook.handler-limit}. A method that fails is called again
 * when the provider repeats the status update. Several methods for one status update run
 * in the order of {@link org.springframework.core.annotation.Order @Order}.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface StatusCallback {

	/**
	 * Alias for {@link #statuses()}.
	 * @return the statuses, none for all
	 */
	@AliasFor("statuses")
	MessageStatus[] value() default {};

	/**
	 * The statuses to be handed.
	 * @return the statuses, none for all
	 */
	@AliasFor("value")
	MessageStatus[] statuses() default {};

	/**
	 * The categories of errors to be handed.
	 * @return the categories, none for all status updates, those without an error
	 * included
	 */
	ErrorCategory[] categories() default {};

	/**
	 * Whether a status update that comes after a later one is handed on, too.
	 * @return {@code false} to have it acknowledged and dropped
	 */
	boolean acceptLate() default false;

}

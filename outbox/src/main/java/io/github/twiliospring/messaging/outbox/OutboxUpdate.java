package io.github.twiliospring.messaging.outbox;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a bean's method that hears when an entry of the outbox reaches a state. The
 * method takes an {@link OutboxEntry}. It's called once the state is committed, on a
 * thread that may wait; one that returns a reactive type is waited for. It hears of each
 * state of an entry once, but again if it fails, or if the process dies before it has
 * returned. Methods that are slow hold up sending.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface OutboxUpdate {

	/**
	 * The states to hear of.
	 * @return {@link OutboxState#UNRESOLVED} or states that have ended; none for all of
	 * these
	 */
	OutboxState[] value() default {};

}

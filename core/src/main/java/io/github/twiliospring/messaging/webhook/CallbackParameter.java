package io.github.twiliospring.messaging.webhook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Binds a {@code String} argument of a {@link StatusCallback @StatusCallback} or
 * {@link InboundMessage @InboundMessage} method to a parameter of the provider's form or,
 * for status updates, of the callback URL's query. It's {@code null} where there's none.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface CallbackParameter {

	/**
	 * The parameter's name, for example {@code RawDlrDoneDate}.
	 * @return the name as it stands on the wire
	 */
	String value();

}

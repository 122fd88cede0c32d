package io.github.twiliospring.messaging.webhook;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;

/**
 * Supplies an argument of an annotated method. Declared as a bean, it's asked before the
 * built-in ones. Parameters are bound to resolvers once, at startup.
 */
public interface CallbackArgumentResolver {

	/**
	 * Whether this resolver supplies a parameter.
	 * @param parameter the method's parameter
	 * @return {@code true} to be asked for its value
	 */
	boolean supports(MethodParameter parameter);

	/**
	 * The argument for a status update. Called on the thread that calls the method; must
	 * not block where the method returns a reactive type.
	 * @param parameter the method's parameter
	 * @param update the status update
	 * @return the argument, may be {@code null}
	 */
	@Nullable Object resolve(MethodParameter parameter, StatusUpdate update);

}
